import { describe, expect, test } from "vitest";
import { readReport } from "../src/api/credentialReport";
import { readFailure } from "../src/api/failures";
import { reportFigures } from "../src/pages/credential-report/reportFigures";
import { offsetOf } from "../src/pages/simulator/Highlighted";
import { diffLines } from "../src/parts/diff";
import { placeAfterSignIn, placeOfAwsLink, placeOfSignIn } from "../src/session/wayBack";

const denied = (message: string): Error => Object.assign(new Error(message), { name: "AccessDenied" });

describe("a refusal", () => {
  test("names the action, the resource, and where its reasons are", () => {
    const failure = readFailure(
      denied(
        "User: arn:aws:iam::1:user/a is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::1:user/ because no " +
          "identity-based policy allows the iam:ListUsers action. Go to https://x/ for complete details, or call the " +
          "GetRequestAuthorizationDetails API with the following authorization id: abc123",
      ),
    );
    expect(failure).toMatchObject({ kind: "denied", action: "iam:ListUsers", resource: "arn:aws:iam::1:user/", isExplicit: false, authorizationId: "abc123" });
  });

  test("keeps the whole resource", () => {
    const resourceOf = (text: string) => readFailure(denied(`User: x is not authorized to perform: iam:GetUser on resource: ${text}`)).resource;
    const pointer = ". Go to https://x/ for complete details, or call …";
    expect(resourceOf(`user jane because no identity-based policy allows the iam:GetUser action${pointer}`)).toBe("user jane");
    expect(resourceOf(`user .. with an explicit deny in an identity-based policy${pointer}`)).toBe("user ..");
    expect(resourceOf(`user a.${pointer}`)).toBe("user a.");
    expect(resourceOf("arn:aws:s3:::bucket/a file. because no")).toBe("arn:aws:s3:::bucket/a file. because no");
    expect(resourceOf("arn:aws:sts::1:x")).toBe("arn:aws:sts::1:x");
  });

  test("tells a Deny from a missing Allow", () => {
    const failure = readFailure(denied("User: x is not authorized to perform: iam:GetUser with an explicit deny in an identity-based policy"));
    expect(failure.isExplicit).toBe(true);
  });
});

describe("the credential report", () => {
  test("is read by names, and a user's name may hold commas", () => {
    const text = "user,arn,mfa_active\n<root_account>,arn:aws:iam::1:root,true\na,b,arn:aws:iam::1:user/a,b,false";
    const { rows } = readReport(text, new Date(0));
    expect(rows).toEqual([
      { user: "<root_account>", arn: "arn:aws:iam::1:root", mfa_active: "true" },
      { user: "a,b", arn: "arn:aws:iam::1:user/a,b", mfa_active: "false" },
    ]);
  });
});

describe("the way back", () => {
  test("leads to where one was", () => {
    const place = placeOfSignIn({ pathname: "/console/iam/users", search: "?a=b" }, "expired");
    expect(placeAfterSignIn(new URL(place, "https://x").searchParams)).toBe("/console/iam/users?a=b");
  });

  test("leads nowhere else", () => {
    for (const next of ["https://evil.example", "//evil.example", "/consolation", "/console/sign-in?next=/console/sign-in", "/\\evil"]) {
      expect(placeAfterSignIn(new URLSearchParams({ next }))).toBe("/console");
    }
  });

  test("of AWS's link is the page that it means", () => {
    expect(placeOfAwsLink("#/authorization-details/abc1")).toBe("/console/iam/authorization-details/abc1");
    expect(placeOfAwsLink("#/users")).toBe("/console/iam");
  });
});

test("a difference is told line by line", () => {
  expect(diffLines("a\nb\nc", "a\nx\nc")).toEqual([
    { kind: "same", text: "a" },
    { kind: "removed", text: "b" },
    { kind: "added", text: "x" },
    { kind: "same", text: "c" },
  ]);
});

test("a place in a document is counted from one", () => {
  expect(offsetOf("ab\ncd", { Line: 2, Column: 2 })).toBe(4);
});

test("the report is counted as of when it was made", () => {
  const text = [
    "user,arn,password_enabled,password_last_changed,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active",
    "<root_account>,arn:aws:iam::1:root,true,2026-01-01T00:00:00Z,true,false,N/A,N/A,false",
    "a,arn:aws:iam::1:user/a,true,2026-11-01T00:00:00+00:00,false,true,2026-08-03T00:00:00Z,2026-11-01T00:00:00Z,false",
    "b,arn:aws:iam::1:user/b,false,N/A,false,true,2026-11-01T00:00:00Z,N/A,false",
    "c,arn:aws:iam::1:user/c,false,N/A,false,false,2020-11-01T00:00:00Z,N/A,false",
  ].join("\n");
  const figures = reportFigures(readReport(text, new Date("2026-11-01T01:00:00Z")));
  const counts = (bars: { count: number }[]) => bars.map(({ count }) => count);
  expect(counts(figures.keyAges)).toEqual([1, 0, 0, 1, 0]);
  expect(figures.keyAges[3]).toMatchObject({ label: "90–179", isConcern: true });
  expect(counts(figures.keyUses)).toEqual([1, 0, 0, 0, 1]);
  expect(counts(figures.mfa)).toEqual([1, 1]);
  expect(counts(figures.passwordAges)).toEqual([1, 0, 0, 0, 1]);
});
