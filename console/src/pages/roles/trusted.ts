type Principal = string | Record<string, string | string[]>;

/** Say in short whom a trust policy names. */
export function trustedOf(encoded: string | undefined): string {
  try {
    const { Statement } = JSON.parse(decodeURIComponent(encoded ?? "{}")) as { Statement?: object | object[] };
    const statements = (Array.isArray(Statement) ? Statement : [Statement]) as { Principal?: Principal }[];
    const names = statements.flatMap(({ Principal }) => (Principal === undefined ? [] : namesIn(Principal)));
    return [...new Set(names)].join(", ") || "-";
  } catch {
    return "-";
  }
}

function namesIn(principal: Principal): string[] {
  if (typeof principal === "string") return ["Everybody (*)"];
  return Object.entries(principal).flatMap(([kind, values]) =>
    [values].flat().map((value) => (kind === "AWS" ? value.replace(/^arn:aws:iam::(\d{12}):root$/, "Account: $1") : `${kind}: ${value}`)),
  );
}
