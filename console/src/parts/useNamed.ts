import { useParams } from "react-router-dom";
import { nameIn } from "../paths";

/** Give the name that a part of the page's address stands for, such as `userName` of `/console/iam/users/:userName`. */
export const useNamed = (part: string): string => nameIn(useParams()[part] ?? "");
