/* Every sentence about logging in. Plain text: no markup, no address. */

export const PASSWORD_LENGTH = { min: 12, max: 200 } as const;

export const LOGIN_TEXTS = {
  wrong: "The e-mail address or the password is not right.",
  email: "Enter your e-mail address.",
  password: "Enter your password.",
  nobody:
    "Nobody can log in yet. On the machine Ballast runs on, npm run owner -- YOUR@EMAIL makes a link for the first owner.",
  forgot: "Forgot your password? An owner of this shop makes you a new link on the Team page.",
  linkOver:
    "This link was used before, or is too old. Ask an owner of this shop for a new one on the Team page.",
  name: "Enter your name, in up to 80 characters.",
  current: "This is not your present password.",
  short: `Choose a password of at least ${PASSWORD_LENGTH.min} characters. A few words are good.`,
  long: `Choose a password of at most ${PASSWORD_LENGTH.max} characters.`,
  same: "Choose a password that is not your e-mail address.",
  unlike: "The two passwords are not the same.",
} as const;

/** Says when the next try is allowed, to the minute. */
export function tooManyText(minutes: number): string {
  const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
  return `Too many tries. Wait ${wait} and try again.`;
}
