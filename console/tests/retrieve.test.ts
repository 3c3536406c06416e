import { describe, expect, test } from "vitest";
import { cliLines, olderCli } from "../src/credentials/cliLines";
import { csvName, keyCsv } from "../src/credentials/csv";
import { newPassword } from "../src/credentials/newPassword";

const accessKey = { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", createdAt: new Date(0) };
const settings = { accessKey, owner: "jane", endpoint: "https://kw.example", region: "eu-west-1" };

describe("the file", () => {
  test("is AWS's, to the byte", () => {
    expect(keyCsv(accessKey)).toBe(`\ufeffAccess key ID,Secret access key\r\n${accessKey.id},${accessKey.secret}\r\n`);
    expect(csvName("jane")).toBe("jane_accessKeys.csv");
    expect(csvName(undefined)).toBe("rootkey.csv");
  });
});

describe("the lines to paste", () => {
  test("name this server and its region in every way", () => {
    for (const { text } of cliLines(settings)) {
      expect(text).toContain("https://kw.example");
      expect(text).toContain("eu-west-1");
    }
  });

  test("take the secret from the file where they can", () => {
    for (const way of ["import", "keywright"]) {
      const found = cliLines(settings).find(({ id }) => id === way);
      expect(found?.text).toContain("~/Downloads/jane_accessKeys.csv");
      expect(found?.text).not.toContain(accessKey.secret);
    }
  });

  test("give an older CLI, which reads no endpoint, the endpoint with each command", () => {
    expect(olderCli("https://kw.example")).toBe("alias aws='aws --endpoint-url https://kw.example'");
  });

  test("do not import a name that the CLI would take apart", () => {
    expect(cliLines({ ...settings, owner: "a,b" }).some(({ id }) => id === "import")).toBe(false);
    expect(cliLines({ ...settings, owner: undefined }).some(({ id }) => id === "import")).toBe(false);
  });
});

describe("a generated password", () => {
  test("has some of each kind, and is another each time", () => {
    const made = Array.from({ length: 50 }, () => newPassword());
    expect(new Set(made).size).toBe(50);
    for (const password of made) {
      expect(password).toHaveLength(20);
      for (const kind of [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
    }
  });
});
