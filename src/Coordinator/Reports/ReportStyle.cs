namespace FaceFusion.Batch.Coordinator.Reports;

/// <summary>The page's style sheet: light and dark by the reader's setting, prints light.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #f7f6f3; --card: #ffffff; --ink: #1d1c1a; --soft: #5c5a55; --line: #dedbd4;
          --after: #0b6e65; --before: #b4530a; --old: #6b6a72; --good: #0b6e65; --good-page: #e3f2ef; --bad: #a4161a; --bad-page: #fbe7e7;
          --warn-page: #fdf3dc;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #161615; --card: #201f1e; --ink: #edebe6; --soft: #aba79f; --line: #393733;
            --after: #4fc3b4; --before: #f0a35b; --old: #a5a3ad; --good: #6fd3c5; --good-page: #12302c; --bad: #ff9a96; --bad-page: #3a1718;
            --warn-page: #33290f;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 0 0 .75rem; }
        h3 { font-size: 1rem; margin: 0 0 .5rem; }
        h3 small { color: var(--soft); font-weight: 400; margin-left: .4rem; }
        .eyebrow { color: var(--soft); font-size: .85rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
        section, footer { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; margin-top: 1.25rem; }
        .verdict { border-radius: .75rem; padding: 1rem 1.25rem; border: 1px solid; }
        .verdict strong { font-size: 1.25rem; }
        .verdict.good { background: var(--good-page); border-color: var(--good); } .verdict.good strong { color: var(--good); }
        .verdict.bad { background: var(--bad-page); border-color: var(--bad); } .verdict.bad strong { color: var(--bad); }
        .verdict ul { list-style: none; margin: .35rem 0 0; padding: 0; }
        .verdict p { margin: .35rem 0 0; color: var(--soft); }
        .warnings { background: var(--warn-page); } .warnings ul { margin: 0; padding-left: 1.2rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; }
        .tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .9rem 1.1rem; }
        .tiles dt { color: var(--soft); font-size: .9rem; }
        .tiles dd { margin: 0; font-size: 1.7rem; font-weight: 650; line-height: 1.25; font-variant-numeric: tabular-nums; }
        .tiles dd.note { font-size: .9rem; font-weight: 400; color: var(--soft); }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem; margin-bottom: 1.25rem; }
        .pairs:last-child { margin-bottom: 0; }
        figure { margin: 0; } figcaption { color: var(--soft); font-size: .85rem; margin-top: .35rem; }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 2px; border-radius: .5rem; overflow: hidden; background: var(--line); }
        .pair img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
        figure.wide { margin-top: 1.5rem; } section > figure.wide:first-of-type { margin-top: 0; }
        .plot { display: block; width: 100%; height: auto; }
        .plot .grid { stroke: var(--line); stroke-width: 1; } .plot .chunk { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 4; opacity: .6; }
        .plot .tick { fill: var(--soft); font-size: 12px; } .plot .end { text-anchor: end; } .plot .middle { text-anchor: middle; }
        .plot .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .plot .line.after, .plot .line.fused { stroke: var(--after); } .plot .line.before { stroke: var(--before); }
        .plot .line.found { stroke: var(--before); stroke-dasharray: 5 3; } .plot .line.old { stroke: var(--old); stroke-dasharray: 5 3; }
        .plot .band { stroke: none; opacity: .18; } .plot .band.after, .plot .band.fused, .plot .dot.after, .plot .dot.fused { fill: var(--after); }
        .plot .band.before, .plot .band.found, .plot .dot.before, .plot .dot.found { fill: var(--before); } .plot .band.old, .plot .dot.old { fill: var(--old); }
        .plot .bar { fill: var(--after); opacity: .8; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .25rem 0 0; padding: 0 0 0 2.75rem; font-size: .9rem; }
        .key { display: inline-block; width: 1.5rem; border-top: 3px solid; margin-right: .4rem; vertical-align: middle; }
        .key.after, .key.fused { border-color: var(--after); } .key.before { border-color: var(--before); }
        .key.found { border-color: var(--before); border-top-style: dashed; } .key.old { border-color: var(--old); border-top-style: dashed; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .95rem; }
        th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        tbody tr:last-child > * { border-bottom: 0; } thead th { color: var(--soft); font-weight: 500; font-size: .88rem; }
        tbody th { font-weight: 600; } tfoot > tr > * { border-top: 1px solid var(--line); border-bottom: 0; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.bar { width: 40%; vertical-align: middle; padding-right: 0; } td.bar div { height: .7rem; min-width: 2px; border-radius: 2px; background: var(--after); }
        .gates { list-style: none; margin: 0; padding: 0; }
        code, pre { font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; } pre { overflow-x: auto; margin: 1rem 0 0; }
        summary { cursor: pointer; } summary h2 { display: inline; margin: 0; } details[open] summary { margin-bottom: .75rem; }
        .facts { margin: 0; } .facts > div { display: grid; grid-template-columns: 10rem 1fr; gap: .5rem; } .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
        footer { font-size: .9rem; } footer p { margin: 0; } footer p + p { margin-top: .5rem; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        :focus-visible { outline: 3px solid var(--after); outline-offset: 2px; }
        @media (max-width: 40rem) { .facts > div { grid-template-columns: 1fr; gap: 0; } td.bar { display: none; } }
        @media print {
          :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; --after: #0b6e65; --before: #b4530a; --old: #6b6a72; --good: #0b6e65; --good-page: #fff; --bad: #a4161a; --bad-page: #fff; --warn-page: #fff; }
          body { font-size: 11pt; print-color-adjust: exact; } main { max-width: none; padding: 0; }
          section, figure, .verdict, .tiles > div, tr { break-inside: avoid; } section { border: 0; padding: 0; }
        }
        """;
}
