import { dirname, join } from "node:path";
import ts from "typescript";

/** A query on a table of shops' rows that does not say of which shop. */
export interface Unscoped {
  /** `file#function`. */
  at: string;
  line: number;
  text: string;
}

/** The tables whose rows belong to a shop: what SQL calls them, and what Prisma's client does. */
export interface ShopTables {
  tables: ReadonlySet<string>;
  models: ReadonlySet<string>;
}

export function shopTables(schema: string): ShopTables {
  const tables = new Set<string>();
  const models = new Set<string>();
  for (const [, name = "", body = ""] of schema.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)) {
    if (!body.includes('@map("shop_id")')) continue;
    tables.add(/@@map\("(\w+)"\)/.exec(body)?.[1] ?? name);
    models.add(name.charAt(0).toLowerCase() + name.slice(1));
  }
  return { tables, models };
}

/** Prisma's reading and writing methods, by what has to name the shop. */
const METHODS =
  /^(find(Many|First|Unique)(OrThrow)?|(update|delete|create|upsert)(Many)?(AndReturn)?|count|aggregate|groupBy)$/;

/**
 * Finds queries without a shop in sources by their paths. A statement is read with everything it is
 * put together from: its fragments, the constants and functions it names, also of other files.
 */
export function unscoped(sources: ReadonlyMap<string, string>, known: ShopTables): Unscoped[] {
  return new Search(sources, known).all();
}

class Search {
  readonly #known: ShopTables;
  readonly #files = new Map<string, ts.SourceFile>();
  readonly #found: Unscoped[] = [];

  constructor(sources: ReadonlyMap<string, string>, known: ShopTables) {
    this.#known = known;
    for (const [path, text] of sources) {
      this.#files.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    }
  }

  all(): Unscoped[] {
    for (const file of this.#files.values()) this.#visit(file);
    return this.#found;
  }

  #visit(node: ts.Node): void {
    const asked = this.#statement(node) ?? this.#modelCall(node);
    if (asked && !asked.scoped) this.#report(node);
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  /** Raw SQL: `db.$queryRaw` with a template, or with one that was made before. */
  #statement(node: ts.Node): { scoped: boolean } | null {
    const tag = ts.isTaggedTemplateExpression(node)
      ? node.tag
      : ts.isCallExpression(node)
        ? node.expression
        : null;
    if (!tag || !ts.isPropertyAccessExpression(tag)) return null;
    if (!/^\$(queryRaw|executeRaw)$/.test(tag.name.text)) return null;
    const text = this.#closure(node).replace(/\s+/g, " ");
    const named = [...text.matchAll(/\b(?:from|join|update|into|using) "?([a-z_]+)\b/gi)];
    if (!named.some(([, table = ""]) => this.#known.tables.has(table))) return null;
    const scoped =
      /\bshop_id"? (= |= any\()\$\{/.test(text) ||
      /insert into \w+ (as \w+ )?\([^)]*\bshop_id\b/.test(text);
    return { scoped };
  }

  /** `db.item.findMany({ where })`. */
  #modelCall(node: ts.Node): { scoped: boolean } | null {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
    const { name: method, expression: model } = node.expression;
    if (!ts.isPropertyAccessExpression(model) || !METHODS.test(method.text)) return null;
    if (!this.#known.models.has(model.name.text)) return null;
    const asked = node.arguments[0];
    if (!asked) return { scoped: false };
    const part = method.text.startsWith("create") ? "data" : "where";
    const says = ts.isObjectLiteralExpression(asked) ? propertiesOf(asked, part) : [asked];
    return { scoped: says.some((one) => /\bshopId(_\w+)?\b/.test(this.#closure(one))) };
  }

  /** The text of a node and of all that it is made of. */
  #closure(node: ts.Node, seen = new Set<ts.Node>()): string {
    if (seen.has(node)) return "";
    seen.add(node);
    const texts = [node.getText()];
    const look = (part: ts.Node): void => {
      if (ts.isIdentifier(part) && !isName(part)) {
        for (const made of this.#declarations(part)) texts.push(this.#closure(made, seen));
      }
      ts.forEachChild(part, look);
    };
    look(node);
    return texts.join("\n");
  }

  /** What an identifier stands for: in the functions around it, its file, or the file it is from. */
  #declarations(identifier: ts.Identifier): ts.Node[] {
    for (let scope: ts.Node | undefined = identifier.parent; scope; scope = scope.parent) {
      if (ts.isFunctionDeclaration(scope)) {
        const place = scope.parameters.findIndex((one) => one.name.getText() === identifier.text);
        if (place >= 0) return given(scope, place);
      }
      if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
      const made = declared(scope.statements, identifier.text);
      if (made) return [made];
    }
    return this.#imported(identifier);
  }

  #imported(identifier: ts.Identifier): ts.Node[] {
    const file = identifier.getSourceFile();
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const names = statement.importClause?.namedBindings;
      if (!names || !ts.isNamedImports(names)) continue;
      if (!names.elements.some(({ name }) => name.text === identifier.text)) continue;
      const { text } = statement.moduleSpecifier as ts.StringLiteral;
      const from = this.#files.get(join(dirname(file.fileName), text));
      const made = from && declared(from.statements, identifier.text);
      return made ? [made] : [];
    }
    return [];
  }

  #report(node: ts.Node): void {
    const file = node.getSourceFile();
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    const text = node.getText().replace(/\s+/g, " ").slice(0, 160);
    this.#found.push({ at: `${file.fileName}#${functionAround(node)}`, line, text });
  }
}

/** The property of this name, and whatever is spread beside it. */
function propertiesOf(object: ts.ObjectLiteralExpression, name: string): ts.Node[] {
  return object.properties.filter(
    (one) => ts.isSpreadAssignment(one) || one.name?.getText() === name,
  );
}

/** A property's name and a type's say nothing of what a statement is made of. */
function isName(identifier: ts.Identifier): boolean {
  const { parent } = identifier;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === identifier;
  return ts.isPropertyAssignment(parent) && parent.name === identifier;
}

function declared(statements: readonly ts.Statement[], name: string): ts.Node | null {
  for (const statement of statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: made, initializer } of statement.declarationList.declarations) {
      if (initializer && ts.isIdentifier(made) && made.text === name) return initializer;
    }
  }
  return null;
}

/** What a file's own function is called with; what others call it with is not known. */
function given(called: ts.FunctionDeclaration, place: number): ts.Node[] {
  if (called.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  const nodes: ts.Node[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === called.name?.text) {
      const argument = node.arguments[place];
      if (argument) nodes.push(argument);
    }
    ts.forEachChild(node, look);
  };
  look(called.getSourceFile());
  return nodes;
}

function functionAround(node: ts.Node): string {
  for (let around: ts.Node | undefined = node; around; around = around.parent) {
    if (ts.isFunctionDeclaration(around) || ts.isMethodDeclaration(around)) {
      return around.name?.getText() ?? "";
    }
  }
  return "";
}
