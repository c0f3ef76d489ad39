import ts from "typescript";

/** A sentence that stands in a page's markup, where nobody who translates would look for it. */
export interface Sentence {
  at: string;
  text: string;
}

/** Attributes whose text people read. */
const READ = new Set([
  ...["title", "label", "content", "subtitle", "helpText", "placeholder", "accessibilityLabel"],
  ...["caption", "none", "text", "actionTitle", "actionHint", "aria-label", "alt", "message"],
]);

/** Names of things and buttons may stand in the markup; whole sentences may not. */
const WORDS = 3;

/** Finds them in a source: text between tags, and attributes that people read. */
export function sentencesIn(path: string, source: string): Sentence[] {
  const kind = ts.ScriptKind.TSX;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kind);
  const found: Sentence[] = [];
  const add = (node: ts.Node, texts: readonly string[]) => {
    for (const text of texts.filter(isSentence)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ at: `${path}:${line + 1}`, text: text.replace(/\s+/g, " ").trim() });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) add(node, [node.text]);
    else if (ts.isJsxExpression(node) && isChild(node)) add(node, textsOf(node.expression));
    else if (ts.isJsxAttribute(node) && READ.has(node.name.getText())) {
      add(node, textsOf(node.initializer));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isChild(node: ts.JsxExpression): boolean {
  return ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent);
}

/** The words of an expression: a text, a template's fixed parts, both sides of a choice. */
function textsOf(node: ts.Node | undefined): string[] {
  if (!node) return [];
  if (ts.isJsxExpression(node)) return textsOf(node.expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(" … ")];
  }
  if (ts.isConditionalExpression(node)) {
    return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  }
  return [];
}

function isSentence(text: string): boolean {
  return text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length >= WORDS;
}
