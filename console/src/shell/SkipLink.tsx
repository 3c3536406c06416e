import type { MouseEvent } from "react";

const MAIN = "main-content";

/** The first thing that Tab reaches: past the bar and the navigation, which are the same on every page. */
export function SkipLink() {
  function skip(event: MouseEvent): void {
    // Without this the router would take the fragment for another place.
    event.preventDefault();
    document.getElementById(MAIN)?.focus();
  }
  return (
    <a className="skip-link" href={`#${MAIN}`} onClick={skip}>
      Skip to main content
    </a>
  );
}

/** Where it leads. */
export const MAIN_CONTENT = { id: MAIN, tabIndex: -1, className: "main-content" } as const;
