import { describe, expect, test } from "vitest";
import { boundaryOf, lacksBoundary, NO_BOUNDARY } from "../src/permissions/boundaryChoice";

const policy = { PolicyName: "P", Arn: "arn:aws:iam::aws:policy/P" };

describe("the boundary of what is about to be made", () => {
  test("is none to begin with, and nothing lacks", () => {
    expect(boundaryOf(NO_BOUNDARY)).toBeUndefined();
    expect(lacksBoundary(NO_BOUNDARY)).toBe(false);
  });

  test("is the policy that is chosen, while one is wanted", () => {
    expect(boundaryOf({ isWanted: true, policy })).toBe(policy);
    expect(boundaryOf({ isWanted: false, policy })).toBeUndefined();
    expect(lacksBoundary({ isWanted: false, policy })).toBe(false);
  });

  test("lacks where one is wanted and no policy is chosen", () => {
    expect(lacksBoundary({ isWanted: true, policy: undefined })).toBe(true);
    expect(lacksBoundary({ isWanted: true, policy })).toBe(false);
  });
});
