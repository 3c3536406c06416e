import { useRouteError } from "react-router-dom";

/** What is shown when a page cannot be: a part of it that did not load, or a fault of ours. */
export function RouteProblem() {
  const error = useRouteError();
  const isPartMissing = error instanceof TypeError && /import|fetch|module/i.test(error.message);
  return (
    <main role="alert" className="sign-in">
      <h1>{isPartMissing ? "A part of the console did not load" : "This page failed"}</h1>
      <p>
        {isPartMissing
          ? "The server does not answer, or was updated since this page was opened."
          : error instanceof Error
            ? error.message
            : String(error)}
      </p>
      <p>
        <a href={location.href}>Load it again</a> or go <a href="/console">to the start</a>.
      </p>
    </main>
  );
}
