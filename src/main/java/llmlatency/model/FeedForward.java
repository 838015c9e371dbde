package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a layer does with each token alone. */
public sealed interface FeedForward permits FeedForward.Dense, FeedForward.Mixture, FeedForward.ChannelMix {
    /** Its products, in the order in which they run. */
    List<Product> products(long hiddenSize);

    /** Values that one token has after the first matrices: gate and up width. */
    long activationWidth();

    /** The routing of its experts, if it has any. */
    default Optional<Routing> routed() {
        return Optional.empty();
    }

    /**
     * Two or three matrices that every token meets: {@code 2·d·F} weights, {@code 3·d·F} if gated.
     *
     * <p>Source: Vaswani et al. 2017 (arXiv 1706.03762); Shazeer 2020, "GLU variants" (arXiv 2002.05202) for gates.
     *
     * @param width F
     * @param gated a gate beside the up projection
     * @param bias biases on every matrix
     */
    record Dense(long width, boolean gated, boolean bias) implements FeedForward {
        @Override
        public List<Product> products(long hiddenSize) {
            return List.of(
                    Product.dense(gated ? "gate and up projections" : "up projection", first(hiddenSize)),
                    Product.dense("down projection", last(hiddenSize)));
        }

        @Override
        public long activationWidth() {
            return gated ? 2 * width : width;
        }

        /** The matrices that see the hidden state. */
        List<Tensor> first(long hiddenSize) {
            List<Tensor> tensors = new ArrayList<>();
            if (gated) {
                tensors.add(Tensor.matrix(TensorRole.GATE, width, hiddenSize));
            }
            tensors.add(Tensor.matrix(TensorRole.UP, width, hiddenSize));
            if (bias) {
                tensors.add(Tensor.dividedVector(TensorRole.BIAS, gated ? 2 * width : width));
            }
            return tensors;
        }

        /** The matrix that gives it back. */
        List<Tensor> last(long hiddenSize) {
            List<Tensor> tensors = new ArrayList<>();
            tensors.add(Tensor.matrix(TensorRole.DOWN, hiddenSize, width));
            if (bias) {
                tensors.add(Tensor.vector(TensorRole.BIAS, hiddenSize));
            }
            return tensors;
        }

        /** All of it. */
        List<Tensor> all(long hiddenSize) {
            List<Tensor> tensors = first(hiddenSize);
            tensors.addAll(last(hiddenSize));
            return tensors;
        }
    }

    /**
     * A router and experts of which each token meets k, beside experts that all tokens share.
     *
     * <p>Source: Shazeer et al. 2017 (arXiv 1701.06538); Dai et al. 2024, "DeepSeekMoE" (arXiv 2401.06066) for shared
     * experts.
     *
     * @param routing experts, and experts per token
     * @param expert one routed expert
     * @param routerBias a bias on the router's scores
     * @param correctionBias a further bias that balances the load
     * @param sharedWidth width of the shared expert; 0: none
     * @param sharedGate a gate of one output on the shared expert
     * @param latent width that the routed experts work in, between two more matrices; 0: the hidden size
     * @param latentNorm a norm on it
     */
    record Mixture(
            Routing routing,
            Dense expert,
            boolean routerBias,
            boolean correctionBias,
            long sharedWidth,
            boolean sharedGate,
            long latent,
            boolean latentNorm)
            implements FeedForward {
        /** The common form: experts work in the hidden size. */
        public Mixture(
                Routing routing,
                Dense expert,
                boolean routerBias,
                boolean correctionBias,
                long sharedWidth,
                boolean sharedGate) {
            this(routing, expert, routerBias, correctionBias, sharedWidth, sharedGate, 0, false);
        }

        @Override
        public List<Product> products(long hiddenSize) {
            List<Product> products = new ArrayList<>();
            products.add(Product.dense("router", router(hiddenSize)));
            if (latent > 0) {
                products.add(Product.dense("latent projections", latents(hiddenSize)));
            }
            List<Tensor> experts = expert.all(latent > 0 ? latent : hiddenSize).stream()
                    .map(tensor -> tensor.each(routing.experts()))
                    .toList();
            products.add(new Product("experts", experts, routing));
            if (sharedWidth > 0) {
                List<Tensor> shared = new Dense(sharedWidth, expert.gated(), false).all(hiddenSize);
                if (sharedGate) {
                    shared.add(Tensor.matrix(TensorRole.ROUTER, 1, hiddenSize));
                }
                products.add(Product.dense("shared experts", shared));
            }
            return products;
        }

        private List<Tensor> router(long hiddenSize) {
            List<Tensor> router = new ArrayList<>();
            router.add(Tensor.matrix(TensorRole.ROUTER, routing.experts(), hiddenSize));
            if (routerBias) {
                router.add(Tensor.vector(TensorRole.BIAS, routing.experts()));
            }
            if (correctionBias) {
                router.add(Tensor.vector(TensorRole.BIAS, routing.experts()));
            }
            return router;
        }

        private List<Tensor> latents(long hiddenSize) {
            List<Tensor> tensors = new ArrayList<>();
            tensors.add(Tensor.matrix(TensorRole.LATENT, latent, hiddenSize));
            tensors.add(Tensor.matrix(TensorRole.LATENT, hiddenSize, latent));
            if (latentNorm) {
                tensors.add(Tensor.vector(TensorRole.NORM, latent));
            }
            return tensors;
        }

        @Override
        public long activationWidth() {
            long shared = expert.gated() ? 2 * sharedWidth : sharedWidth;
            return routing.perToken() * expert.activationWidth() + shared;
        }

        @Override
        public Optional<Routing> routed() {
            return Optional.of(routing);
        }
    }

    /**
     * RWKV's channel mixing: {@code 2·d·F + d·d} weights in matrices and mixes of 2d.
     *
     * <p>Source: Peng et al. 2024, "Eagle and Finch" (arXiv 2404.05892).
     *
     * @param width F
     */
    record ChannelMix(long width) implements FeedForward {
        @Override
        public List<Product> products(long hiddenSize) {
            return List.of(Product.dense(
                    "channel mix",
                    List.of(
                            Tensor.matrix(TensorRole.UP, width, hiddenSize),
                            Tensor.matrix(TensorRole.GATE, hiddenSize, hiddenSize),
                            Tensor.matrix(TensorRole.DOWN, hiddenSize, width),
                            Tensor.vector(TensorRole.OTHER_VECTOR, 2 * hiddenSize))));
        }

        @Override
        public long activationWidth() {
            return width;
        }
    }
}
