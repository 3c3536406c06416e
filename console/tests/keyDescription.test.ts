import { describe, expect, test } from "vitest";
import { describesKey, MAX_DESCRIPTION, nameFault, readDescription, valueFault, writeDescription } from "../src/api/keyDescription";

describe("the description of a key", () => {
  test("is read as it was written", () => {
    const tags = [
      { name: "Purpose", value: "CLI-Access" },
      { name: "Owner", value: "Jane Doe" },
      { name: "Environment", value: "Dev" },
      { name: "Expiry", value: "2027-02-22" },
    ];
    const text = writeDescription(tags);
    expect(text).toBe("Purpose=CLI-Access Owner=Jane Doe Environment=Dev Expiry=2027-02-22");
    expect(readDescription(text)).toEqual(tags);
  });

  test("leaves out what has no value", () => {
    expect(writeDescription([{ name: "Purpose", value: "x" }, { name: "Project", value: " " }])).toBe("Purpose=x");
  });

  test("of AWS's console is plain text, and stays so", () => {
    const tags = readDescription("Laptop of Jane");
    expect(tags).toEqual([{ name: "Description", value: "Laptop of Jane" }]);
    expect(writeDescription(tags)).toBe("Laptop of Jane");
  });

  test("keeps within the characters that AWS's tags may have", () => {
    expect(valueFault("a-Z 0.9_:/=+@")).toBeUndefined();
    for (const character of [",", ";", "(", "\n", "'"]) expect(valueFault(character)).toBeDefined();
    expect(MAX_DESCRIPTION).toBe(256);
  });

  test("keeps all of a value after the first equals sign", () => {
    const tags = [
      { name: "Purpose", value: "filter=team=blue" },
      { name: "Owner", value: "a=b c" },
    ];
    for (const { value } of tags) expect(valueFault(value)).toBeUndefined();
    expect(readDescription(writeDescription(tags))).toEqual(tags);
    const plain = [{ name: "Description", value: "a=b" }];
    expect(readDescription(writeDescription(plain))).toEqual(plain);
  });

  test("has no value that would be read as two tags", () => {
    expect(valueFault("blue Owner=jane")).toContain("Owner=");
  });

  test("has each name once", () => {
    expect(nameFault("Owner", ["owner"])).toBeDefined();
    expect(nameFault("Owner", ["Purpose"])).toBeUndefined();
    expect(nameFault("1st", [])).toBeDefined();
  });

  test("is found among the tags of a user by the key's id", () => {
    expect(describesKey("AKIAIOSFODNN7EXAMPLE")).toBe(true);
    expect(describesKey("Team")).toBe(false);
  });
});
