import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";
import remixConfig from "./remix.config.js";
import { bundleReport } from "./scripts/bundle-report.ts";

export default defineConfig({
  plugins: [remix(remixConfig), bundleReport()],
  server: { fs: { allow: ["."] } },
  // Found late, these would reload the first page of a development server with two Reacts in it.
  optimizeDeps: {
    include: [
      "@shopify/app-bridge-react",
      "@shopify/polaris",
      "@shopify/polaris-icons",
      "@shopify/shopify-app-remix/react",
    ],
  },
  build: { assetsInlineLimit: 0, target: "es2022" },
});
