/** How the documentation page looks: it is alone, and needs nothing but itself. */
export const DOCS_STYLE = `
:root { color-scheme: light; --line: #d9d9d9; --soft: #f4f4f4; --quiet: #555; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; display: grid;
  grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem;
  border-right: 1px solid var(--line); font-size: 0.875rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav ul ul { padding-left: 0.75rem; margin-bottom: 0.5rem; }
nav a { display: block; padding: 0.2rem 0; color: #1a1a1a; text-decoration: none; }
nav a:hover { text-decoration: underline; }
main { padding: 1.5rem 2rem 4rem; max-width: 60rem; }
a { color: #0a5c8a; }
h1 { margin: 0; }
h2 { margin: 3rem 0 0.5rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
h3 { margin: 2.5rem 0 0.25rem; }
h4 { margin: 1rem 0 0.25rem; }
p { max-width: 45rem; margin: 0.5rem 0; }
.route { overflow-wrap: anywhere; }
small, figcaption { color: var(--quiet); }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem;
  overflow: auto; margin: 0.25rem 0 0.5rem; }
figure { margin: 1rem 0; }
summary { cursor: pointer; padding: 0.25rem 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; margin: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.75rem 0.4rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 500; overflow-wrap: anywhere; }
th:first-child { width: 14rem; }
@media (max-width: 767px) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 1rem 1rem 3rem; }
  th:first-child { width: 8.5rem; }
}
`;
