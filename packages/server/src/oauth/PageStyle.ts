/**
 * How the pages of a sign-in look: one card in the middle, light or dark as the reader's system is.
 * Decides nothing else; the digest of this very text is what the browser is told to accept.
 */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f2a; --soft: #5b6275; --line: #dfe3ec; --card: #ffffff; --ground: #f2f4f9;
  --accent: #2f5bea; --on-accent: #ffffff; --good: #12805c; --bad: #b3261e; --code: #f4f6fb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf4; --soft: #a2a9bd; --line: #343a4b; --card: #1c202b;
  --ground: #12151d; --accent: #8ba6ff; --on-accent: #10131b; --good: #5fd0a4; --bad: #ff9a91; --code: #151923; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--ground);
  color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { width: 100%; max-width: 640px; padding: 36px 40px 32px; background: var(--card); border: 1px solid var(--line);
  border-top: 4px solid var(--accent); border-radius: 12px; box-shadow: 0 10px 30px rgb(20 30 60 / 8%); }
main.good { border-top-color: var(--good); }
main.bad { border-top-color: var(--bad); }
.brand { margin: 0 0 6px; color: var(--soft); font-size: 13px; font-weight: 600; letter-spacing: .08em;
  text-transform: uppercase; }
h1 { margin: 0 0 14px; font-size: 26px; line-height: 1.25; }
h2 { margin: 26px 0 8px; font-size: 16px; }
p { margin: 0 0 14px; }
.soft { color: var(--soft); font-size: 14px; }
table { width: 100%; border-collapse: collapse; margin: 4px 0 20px; }
td { padding: 9px 0; border-top: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 1px solid var(--line); }
td:last-child { padding-left: 20px; color: var(--soft); }
code, output { font: 14px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
td code { white-space: nowrap; }
code { padding: 1px 5px; background: var(--code); border-radius: 5px; }
blockquote { margin: 0 0 18px; padding: 10px 14px; background: var(--code); border-left: 3px solid var(--line);
  border-radius: 0 6px 6px 0; font-size: 14px; overflow-wrap: anywhere; }
button, .button { display: inline-block; padding: 9px 16px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: var(--ink); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
.button { padding: 12px 22px; border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button:hover { border-color: var(--accent); }
.button:hover { filter: brightness(1.08); }
button:focus-visible, .button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.token { margin: 14px 0; padding: 14px 16px 16px; border: 1px solid var(--line); border-radius: 10px; }
.token h2 { margin: 0 0 2px; }
.token p { margin: 0 0 12px; }
.token output { display: block; max-height: 190px; overflow: auto; margin-top: 12px; padding: 10px 12px;
  background: var(--code); border-radius: 6px; user-select: all; }
.token output:empty { display: none; }
.token button + button { margin-left: 8px; }
.warning { padding: 12px 14px; border: 1px solid var(--bad); border-radius: 8px; }
@media (max-width: 520px) { main { padding: 26px 22px; } }
`
