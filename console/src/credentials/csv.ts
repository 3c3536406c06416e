import type { NewAccessKey, Owner } from "../api/accessKeys";

/** Name the file as AWS's console does. */
export const csvName = (owner: Owner): string => (owner === undefined ? "rootkey.csv" : `${owner}_accessKeys.csv`);

/** Write the file as AWS's console does: a byte order mark, these two columns, and Windows' line ends. */
export const keyCsv = ({ id, secret }: NewAccessKey): string =>
  `\ufeffAccess key ID,Secret access key\r\n${id},${secret}\r\n`;
