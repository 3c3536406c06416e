import { describe, expect, test } from "vitest";
import { aliasFault } from "../src/api/accountAlias";
import { areTagsValid, tagKeyFault } from "../src/api/tagRules";
import { addressOf, queryOf } from "../src/pages/events/address";
import { otherKey } from "../src/pages/rotate-access-key/otherKey";
import { nameIn, paths } from "../src/paths";

describe("an address", () => {
  test("has each name whole, whatever browsers do with it", () => {
    for (const name of [".", "..", "...", "a.b", "jane@x", "+=,.@_-"]) {
      const { pathname } = new URL(paths.user(name), "https://kw.example");
      const part = decodeURIComponent(pathname.split("/")[4] ?? "");
      expect(nameIn(part)).toBe(name);
    }
  });

  test("of the event history means AWS's first choice, all, or what it says", () => {
    const query = (text: string) => queryOf(new URLSearchParams(text));
    expect(query("")).toMatchObject({ attribute: "ReadOnly", value: "false" });
    expect(query("start=yesterday&end=%E0%A4%A")).toMatchObject({ attribute: "ReadOnly", start: undefined, end: undefined });
    expect(query("attribute=any").attribute).toBeUndefined();
    expect(query("attribute=EventName&value=+x+")).toMatchObject({ attribute: "EventName", value: "x" });
    const start = new Date("2026-11-25T00:00:00Z");
    expect(query(new URLSearchParams(addressOf({ start })).toString())).toEqual({ start, end: undefined });
  });
});

describe("the other of two keys", () => {
  const key = (AccessKeyId: string, second: number, Status: "Active" | "Inactive" = "Active") => ({
    AccessKeyId,
    Status,
    CreateDate: new Date(second * 1000),
  });
  const kind = (other: ReturnType<typeof key>, chosen?: string) => otherKey([key("old", 10), other], key("old", 10), chosen).kind;

  test("is the successor only where it is newer, active, and named so", () => {
    expect(kind(key("new", 11), "new")).toBe("successor");
    expect(kind(key("new", 11))).toBe("candidate");
    expect(kind(key("new", 11), "other")).toBe("candidate");
    expect(kind(key("new", 9), "new")).toBe("older");
    expect(kind(key("new", 11, "Inactive"), "new")).toBe("inactive");
    expect(kind(key("new", 10), "new")).toBe("successor");
    expect(otherKey([key("old", 10)], key("old", 10), "new").kind).toBe("none");
  });
});

describe("what IAM would refuse", () => {
  test("is told of an alias", () => {
    for (const alias of ["abc", "my-account", "1-2"]) expect(aliasFault(alias)).toBeUndefined();
    for (const alias of ["", "ab", "a".repeat(64), "Abc", "a_b", "-ab", "ab-", "a--b", "a b"]) expect(aliasFault(alias)).toBeDefined();
  });

  test("is told of tags", () => {
    expect(areTagsValid([{ Key: "Team", Value: "a=b" }, { Key: "Ключ", Value: "" }])).toBe(true);
    for (const Key of ["", " ", "aws:x", "AWS:x", "a;b", "k".repeat(129)]) expect(areTagsValid([{ Key, Value: "" }])).toBe(false);
    for (const Value of ["a;b", "v".repeat(257), "\n"]) expect(areTagsValid([{ Key: "k", Value }])).toBe(false);
    expect(tagKeyFault("team", ["Team"])).toContain("Team");
  });
});
