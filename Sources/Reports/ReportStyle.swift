/// How a report looks, by day and by night.
///
/// What scrolls sideways has a shadow where there is more.
enum ReportStyle {
  static let css = """
    :root{color-scheme:light dark;--page:#f6f6f4;--card:#fff;--ink:#1d1f23;--soft:#646b76;--line:#e4e5e8;--blue:#2f6fde;--green:#16855b;--red:#cc3326;\
    --amber:#b06a00;--violet:#7447d8;--teal:#0b7f92;--shade:#1d1f2333}
    @media(prefers-color-scheme:dark){:root{--page:#121417;--card:#1b1e23;--ink:#e7e9ec;--soft:#9aa2ad;--line:#2e333b;--blue:#71a4ff;--green:#46c48d;\
    --red:#ff7a70;--amber:#e6ab4a;--violet:#b195ff;--teal:#4cc3d6;--shade:#000c}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:1040px;margin:0 auto;padding:32px 24px 48px}
    header{margin-bottom:20px}
    h1{font-size:21px;line-height:1.3;margin:0;overflow-wrap:anywhere}
    h2{font-size:16px;margin:0 0 12px}
    .note,.sub{color:var(--soft);font-size:13px;margin:4px 0 0}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;margin-bottom:12px}
    .card,section{background:var(--card);border:1px solid var(--line);border-radius:10px}
    .card{padding:14px 16px}
    .card p{margin:0}
    .card .what{color:var(--soft);font-size:13px}
    .card .value{font-size:18px;font-weight:600;overflow-wrap:anywhere}
    .card.good .value{color:var(--green)}.card.bad .value{color:var(--red)}.card.warn .value{color:var(--amber)}
    section{padding:18px 20px;margin-bottom:12px}
    section.failure{border-color:var(--red)}
    .scroll,pre{overflow-x:auto;background:linear-gradient(to right,var(--under) 40%,transparent) 0 0/32px 100% no-repeat local,\
    linear-gradient(to left,var(--under) 40%,transparent) 100% 0/32px 100% no-repeat local,\
    linear-gradient(to right,var(--shade),transparent) 0 0/12px 100% no-repeat scroll,\
    linear-gradient(to left,var(--shade),transparent) 100% 0/12px 100% no-repeat scroll var(--under)}
    .scroll{--under:var(--card)}
    svg{display:block}
    svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
    .plot{width:100%;min-width:720px;height:auto}
    .grid{stroke:var(--line)}.base{stroke:var(--line)}
    svg .tick{fill:var(--soft);font-size:11px}
    .fault{stroke:var(--red);stroke-opacity:.25;stroke-width:3}
    .cross{stroke:var(--red);stroke-width:2.5;fill:none;stroke-linecap:round}
    .dot{fill-opacity:.85;stroke:var(--card);stroke-width:1}
    .ring{fill:none;stroke:var(--amber);stroke-width:2}
    .line{fill:none;stroke-width:2;stroke-linejoin:round}.point{stroke:var(--card);stroke-width:1}
    .l-database{stroke:var(--blue)}.l-archive{stroke:var(--green)}
    .point.l-database,.key.l-database{fill:var(--blue);background:var(--blue);stroke:var(--card)}
    .point.l-archive,.key.l-archive{fill:var(--green);background:var(--green);stroke:var(--card)}
    .v-upgrade,.s-pre-upgrade{fill:var(--blue);background:var(--blue)}
    .v-snapshot,.s-manual{fill:var(--teal);background:var(--teal)}
    .v-verify,.s-scheduled{fill:var(--violet);background:var(--violet)}
    .v-restore,.s-pre-restore{fill:var(--amber);background:var(--amber)}
    .v-prune{fill:var(--green);background:var(--green)}
    .v-other,.s-other{fill:var(--soft);background:var(--soft)}
    .k-failed{background:var(--red)}
    .legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:10px 0 0;padding:0;color:var(--soft);font-size:13px}
    .key{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:6px}
    .edge{fill:none;stroke:var(--soft);stroke-opacity:.7;stroke-width:2}
    .node{stroke:var(--blue);stroke-width:2}.node.applied{fill:var(--blue)}.node.pending{fill:var(--card)}
    .key.applied{background:var(--blue);border:2px solid var(--blue)}.key.pending{border:2px solid var(--blue)}
    .key.ringed{border:2px solid var(--amber)}
    .graph text{font-size:13px}
    svg .id,code,pre,td.id{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
    svg .id{font-weight:600}
    svg .is-current{fill:var(--amber);font-weight:600}svg .is-head{fill:var(--green)}svg .is-label{fill:var(--violet)}svg .message{fill:var(--soft)}
    table{border-collapse:collapse;width:100%;font-size:13.5px}
    th{text-align:left;color:var(--soft);font-weight:500}
    th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
    td.text{white-space:normal;min-width:240px;overflow-wrap:anywhere}
    td.number,th.number{text-align:right}
    tr:last-child td{border-bottom:0}
    .bad{color:var(--red)}.good{color:var(--green)}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0 0 12px}
    dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
    pre{--under:var(--page);margin:0;padding:12px 14px;border:1px solid var(--line);border-radius:8px;font-size:12.5px;line-height:1.6}
    pre .warning{color:var(--amber)}pre .error{color:var(--red)}
    footer{color:var(--soft);font-size:13px;margin-top:20px}
    @media(max-width:560px){main{padding:20px 12px 32px}section{padding:14px}.cards{grid-template-columns:repeat(auto-fit,minmax(150px,1fr))}\
    dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
    @media print{body{background:#fff}.card,section{break-inside:avoid}}
    """
}
