import { useNavigate } from "@remix-run/react";
import { useEffect } from "react";

/**
 * Goes on to the address that a form's answer leads to, once the form has come to rest. Before, the
 * router still reads the page again that the form was on, and may take that reading for the next
 * page's: it would then be shown without its data.
 * @param address undefined: stay.
 */
export function useOnward({ state }: { state: string }, address: string | undefined): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (address !== undefined && state === "idle") navigate(address);
  }, [address, state, navigate]);
}
