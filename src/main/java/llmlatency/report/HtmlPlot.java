package llmlatency.report;

import llmlatency.study.Chart;

/** A chart as one HTML file that needs nothing else: the picture, what the pointer rests on, and a table of the data. */
final class HtmlPlot {
    private static final String STYLE =
            "body{font:14px system-ui,sans-serif;margin:2rem auto;max-width:800px;padding:0 1rem;"
                    + "background:#fff;color:#1f2328}svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%;"
                    + "font-variant-numeric:tabular-nums}th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid #d1d9e0}"
                    + ":is(th,td):nth-child(-n+3){text-align:left}summary{cursor:pointer;"
                    + "margin:1rem 0}#tip{position:fixed;pointer-events:none;white-space:pre;background:#1f2328;color:#fff;"
                    + "padding:.4rem .6rem;border-radius:4px;font-size:12px;display:none;z-index:1}circle.on{stroke-width:6}"
                    + "@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th,td{border-color:#3d444d}"
                    + "#tip{background:#e6edf3;color:#0d1117}}";

    /** The nearest point within reach of the pointer, found on the screen, so that it works at any size. */
    private static final String SCRIPT = "const tip=document.getElementById('tip'),dots=[...document.querySelectorAll("
            + "'svg circle')].filter(d=>d.querySelector('title')).map(d=>{const t=d.querySelector('title');"
            + "const s=t.textContent;t.remove();return{d,s}});let on=null;"
            + "document.querySelector('svg').addEventListener('mousemove',e=>{let best=null,near=900;for(const p of dots){"
            + "const r=p.d.getBoundingClientRect(),x=r.x+r.width/2-e.clientX,y=r.y+r.height/2-e.clientY,q=x*x+y*y;"
            + "if(q<near){near=q;best=p}}if(on)on.d.classList.remove('on');on=best;if(!best){tip.style.display='none';"
            + "return}best.d.classList.add('on');tip.textContent=best.s;tip.style.display='block';"
            + "tip.style.left=Math.min(e.clientX+14,innerWidth-tip.offsetWidth-8)+'px';"
            + "tip.style.top=(e.clientY+14)+'px'});document.querySelector('svg').addEventListener('mouseleave',()=>{"
            + "tip.style.display='none'});";

    private HtmlPlot() {}

    static String text(Chart chart) {
        String title = SvgPlot.escaped(chart.title() + ": " + chart.subtitle());
        StringBuilder text = new StringBuilder();
        text.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
                .append(title)
                .append("</title>\n<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n")
                .append(new SvgPlot(chart).text())
                .append("<div id=\"tip\" role=\"status\"></div>\n<details open>\n<summary>Data</summary>\n");
        Grid data = PlotReport.data(chart);
        text.append("<table>\n<thead><tr>");
        data.header()
                .forEach(column -> text.append("<th>")
                        .append(SvgPlot.escaped(column.name()))
                        .append("</th>"));
        text.append("</tr></thead>\n<tbody>\n");
        data.rows().forEach(row -> {
            text.append("<tr>");
            row.forEach(
                    cell -> text.append("<td>").append(SvgPlot.escaped(cell)).append("</td>"));
            text.append("</tr>\n");
        });
        return text.append("</tbody>\n</table>\n</details>\n<script>")
                .append(SCRIPT)
                .append("</script>\n</body>\n</html>\n")
                .toString();
    }
}
