"""The style of the page at `/_local/`, for phones and desktops, light and dark."""

STYLE = """
:root{color-scheme:light dark;--ink:#1d2433;--soft:#566074;--line:#dfe3ea;--paper:#f4f6f9;
--card:#fff;--link:#1a56db;--mark:#e8effd}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf2;--soft:#a7b0c2;--line:#353c4b;
--paper:#14171e;--card:#1d222c;--link:#8fb4ff;--mark:#26334d}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
header,main{max-width:68rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}h1{font-size:1.5rem;margin:0}header p{margin:0;color:var(--soft)}
h2{font-size:1.1rem;margin:0 0 .75rem}p{margin:.25rem 0}
.en{color:var(--soft);font-size:.88em;font-weight:400}
ul,ol{padding:0;margin:0}ul{list-style:none}
a{color:var(--link)}a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.75rem;
margin:1rem 0}
nav a{display:block;padding:.9rem 1rem;background:var(--card);border:1px solid var(--line);
border-radius:12px;text-decoration:none}
nav a:hover{border-color:var(--link)}nav small{display:block;color:var(--ink)}
.columns{display:grid;gap:1rem;align-items:start;margin-bottom:2rem}
@media(min-width:52rem){.columns{grid-template-columns:3fr 2fr}}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem}
.steps{margin:0 0 .75rem 1.25rem}.steps .en{display:block}
.people li{display:grid;grid-template-columns:1fr auto;gap:.1rem .75rem;padding:.6rem 0;
border-top:1px solid var(--line);align-items:baseline}
.people a,.people code{justify-self:end;white-space:nowrap}
.people a{padding:.3rem 0}.people a[aria-current]{font-weight:700}
.people li>:nth-child(2){order:3}.people li>:nth-child(3){order:2}.people li>:nth-child(4){order:4}
@media(min-width:36rem){.people li{grid-template-columns:11rem 6rem 1fr auto}
.people li>*{order:0!important}.people code{justify-self:start}}
code,.code{font-family:ui-monospace,monospace;font-variant-numeric:tabular-nums}
.acts{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 .75rem}
.act{padding:.35rem .8rem;border:1px solid var(--line);border-radius:999px;text-decoration:none}
.act:hover{border-color:var(--link)}
.messages li{background:var(--mark);border-radius:12px;padding:.6rem .8rem;margin-top:.6rem}
.about{display:flex;flex-wrap:wrap;gap:0 .4rem;color:var(--soft);font-size:.85rem;margin:0}
.about time{margin-left:auto}
.code{font-size:1.7rem;font-weight:700;letter-spacing:.12em;margin:0}
.body{overflow-wrap:anywhere;white-space:pre-line;font-size:.95rem}
"""
