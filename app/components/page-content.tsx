import { useLocation, useNavigation } from "@remix-run/react";
import { Card, SkeletonBodyText, SkeletonPage } from "@shopify/polaris";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { PAGE_CONTENT_WORDS } from "./part-texts.ts";

/** A page that is there sooner is not announced by grey boxes. */
const PATIENCE_MS = 250;

/**
 * The page, or what stands for it while the next one is on its way. Who navigates by keyboard or by
 * ear is taken to the next page's heading, as a full page load would do.
 */
export function PageContent({ children }: { children: ReactNode }) {
  const waiting = useWaiting();
  useFocusOnHeading();
  return (
    <>
      {/* The page that is left is kept: going there may be broken off. */}
      <div hidden={waiting}>{children}</div>
      <div role="status">
        {waiting ? (
          <>
            <span className="visually-hidden">{PAGE_CONTENT_WORDS.loadingThePage}</span>
            <Skeleton />
          </>
        ) : null}
      </div>
    </>
  );
}

function Skeleton() {
  return (
    <div aria-hidden>
      <SkeletonPage fullWidth>
        <Card>
          <SkeletonBodyText lines={4} />
        </Card>
        <Card>
          <SkeletonBodyText lines={10} />
        </Card>
      </SkeletonPage>
    </div>
  );
}

/** Another page was asked for and is not there yet. Reading this one again does not count. */
function useWaiting(): boolean {
  const { pathname } = useLocation();
  const { state, location } = useNavigation();
  const leaving = state === "loading" && location.pathname !== pathname;
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (!leaving) return setWaiting(false);
    const timer = setTimeout(() => setWaiting(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [leaving]);
  return leaving && waiting;
}

function useFocusOnHeading(): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const heading = document.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }, [pathname]);
}
