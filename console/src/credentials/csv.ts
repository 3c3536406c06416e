import type { NewAccessKey, Owner } from "../api/accessKeys";
import { csvFile } from "../parts/csvFile";

/** Name the file as AWS's console does. */
export const csvName = (owner: Owner): string => (owner === undefined ? "rootkey.csv" : `${owner}_accessKeys.csv`);

/** Write the file as AWS's console does, with these two columns. */
export const keyCsv = ({ id, secret }: NewAccessKey): string => csvFile({ "Access key ID": id, "Secret access key": secret });
