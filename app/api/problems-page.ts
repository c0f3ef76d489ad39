import type { Router } from "express";
import { PROBLEMS } from "./problem.ts";

/** GET /problems/:name: what the `type` of a problem points at, for whoever follows it. */
export function problemsPage(router: Router): void {
  router.get("/problems/:name", (request, response, next) => {
    const entry = Object.entries(PROBLEMS).find(([name]) => name === request.params.name);
    if (!entry) return next();
    const [name, { title, status }] = entry;
    response.type("text/plain").send(`${name}\n\n${title}. Answered with status ${status}.\n`);
  });
}
