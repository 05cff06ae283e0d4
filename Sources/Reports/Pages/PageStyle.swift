/// The style sheet of pages: light and dark, for screens of any width and for paper. All text has a contrast
/// of 4.5 to 1 at least.
enum PageStyle {
  private static let light = """
    --ground:#fff;--panel:#f6f8fa;--ink:#1f2328;--quiet:#57606a;--edge:#d0d7de;--link:#0b5cad;\
    --alarm:#b42318;--calm:#146c43;--doubt:#7a5200;
    """
  private static let dark = """
    --ground:#0d1117;--panel:#161b22;--ink:#e6edf3;--quiet:#9da7b3;--edge:#363d46;--link:#6cb6ff;\
    --alarm:#ff9585;--calm:#5fd39b;--doubt:#e3b341;
    """

  static let text =
    """
    :root{color-scheme:light dark;\(light)\(ChartStyle.light)}
    @media (prefers-color-scheme:dark){:root{\(dark)\(ChartStyle.dark)}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
    h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .5rem}
    h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:.5rem;border-top:1px solid var(--edge)}
    h3{font-size:1rem;margin:1.25rem 0 .5rem}
    p,ul,dl{max-width:46rem}
    a{color:var(--link)}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;max-width:none}
    .verdict{border:1px solid var(--edge);border-left:.5rem solid var(--doubt);background:var(--panel);\
    padding:.75rem 1rem;margin:1rem 0;border-radius:.25rem}
    .verdict p{margin:.25rem 0}
    .verdict .lead{font-size:1.15rem;font-weight:600}
    .verdict.poisoned{border-left-color:var(--alarm)}
    .verdict.nothing-stands-out{border-left-color:var(--calm)}
    .warning{border-left:.25rem solid var(--doubt);padding-left:.75rem}
    .quiet,figcaption,summary{color:var(--quiet)}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.5rem 0}
    dt{color:var(--quiet)}
    dd{margin:0;overflow-wrap:anywhere}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5rem 0}
    caption{text-align:left;color:var(--quiet);padding:.25rem 0}
    th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--edge);white-space:nowrap}
    th:first-child,td:first-child,.words{text-align:left}
    td.words{white-space:normal;overflow-wrap:anywhere;min-width:9rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem 2rem}
    figure{margin:.5rem 0;max-width:36rem;break-inside:avoid}
    figcaption,details{font-size:.875rem}
    details table{font-size:.8125rem}
    .samples{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0;margin:.25rem 0;max-width:none}
    .samples li{width:6rem;font-size:.75rem;line-height:1.3;overflow-wrap:anywhere}
    .samples img{width:6rem;height:auto;display:block;image-rendering:pixelated;border:1px solid var(--edge)}
    .samples.large li,.samples.large img{width:12rem}
    .class{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19.5rem),1fr));gap:.5rem 2rem;\
    break-inside:avoid}
    footer{color:var(--quiet);font-size:.875rem;padding:2rem 1rem}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    @media (max-width:40rem){body{font-size:15px}dl{grid-template-columns:1fr;gap:0}dt{margin-top:.5rem}\
    .samples li,.samples img{width:5rem}table{font-size:.875rem}th,td{padding:.2rem .3rem}}
    @media print{:root{color-scheme:light;\(light)\(ChartStyle.light)}body{font-size:10pt}nav,details{display:none}\
    h2,h3,caption{break-after:avoid}tr{break-inside:avoid}.class{break-inside:auto}.class div{break-inside:avoid}\
    .wide{overflow:visible}table{font-size:8pt}th,td{white-space:normal;padding:.1rem .35rem}\
    .figures{grid-template-columns:1fr 1fr}.samples li,.samples img{width:16mm}\
    .samples.large li,.samples.large img{width:34mm}*{print-color-adjust:exact}}

    """ + ChartStyle.rules
}
