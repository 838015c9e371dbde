package llmlatency.document;

/** How names are compared: case, spaces and punctuation do not count. */
public final class NameKey {
    private NameKey() {}

    /** The letters and digits of a name, in lower case: {@code "RTX 4090"} and {@code rtx-4090} become one. */
    public static String of(String name) {
        StringBuilder key = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                key.append((char) (c + ('a' - 'A')));
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                key.append(c);
            }
        }
        return key.toString();
    }
}
