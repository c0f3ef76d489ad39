import type { SandboxAccount } from "../../sandbox/account.ts";
import type { House } from "../../sandbox/shop-floor.ts";

/** The API, in all its regions. */
export const API = "https://sellingpartnerapi-*.amazon.com";

export const MARKETPLACE = "ATVPDKIKX0DER";

/** The one seller of the Amazon sandbox. The "secrets" open nothing outside it. */
export const AMAZON_SANDBOX: SandboxAccount = {
  account: "A3SANDBOXSELLER",
  settings: {
    sellerId: "A3SANDBOXSELLER",
    region: "na",
    marketplaceIds: MARKETPLACE,
    queueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/ballast-order-change",
  },
  app: {
    queueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/ballast-order-change",
    applicationId: "amzn1.sp.solution.sandbox",
    clientId: "amzn1.application-oa2-client.sandbox",
    clientSecret: "amzn1.oa2-cs.v1.sandbox",
    awsAccessKeyId: "AKIASANDBOXDEMO",
    awsSecretAccessKey: "sandbox-aws-secret",
  },
  secrets: {
    clientId: "amzn1.application-oa2-client.sandbox",
    clientSecret: "amzn1.oa2-cs.v1.sandbox",
    refreshToken: "Atzr|sandbox-demo-merchant",
    awsAccessKeyId: "AKIASANDBOXDEMO",
    awsSecretAccessKey: "sandbox-aws-secret",
  },
};

/**
 * Amazon cancels whole orders only, and what it does to the seller's number then is not written
 * anywhere; here it leaves it alone, so that only a push puts the unit back.
 */
export const AMAZON_HOUSE: House = {
  orderId: (n) => {
    const digits = String(n).padStart(14, "0");
    return `902-${digits.slice(0, 7)}-${digits.slice(7)}`;
  },
  lineId: (n) => String(n).padStart(14, "0"),
  restocksCancelled: false,
  partialCancel: false,
};
