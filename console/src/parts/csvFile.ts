const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Write one row under its names, as spreadsheets and AWS's console have it: a byte order mark, Windows' line ends. */
export const csvFile = (columns: Record<string, string>): string =>
  `\ufeff${[Object.keys(columns), Object.values(columns)].map((row) => `${row.map(quoted).join(",")}\r\n`).join("")}`;
