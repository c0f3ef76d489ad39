/** What is no JSON keeps no model, and is checked as the text that it is. */
export async function jsonOf(from: Request | Response): Promise<unknown> {
  const text = await from.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
