import { getLastUse } from "../api/accessKeys";
import { listGroups } from "../api/groups";
import { listPolicies } from "../api/policies";
import { listRoles } from "../api/roles";
import { listUsers } from "../api/users";
import { paths } from "../paths";
import { onSessionChange } from "../session/session";
import { PAGES, type Place, SERVICES } from "./places";

export interface Found {
  label: string;
  value: string;
  description?: string;
}

export interface FoundGroup {
  label: string;
  options: Found[];
}

const KEY_ID = /^A[A-Z]IA[A-Z0-9]{12,}$/;
const MOST = 8;
const KEPT_MS = 60_000;

const matches = (text: string, query: string): boolean => text.toLowerCase().includes(query);

const placesLike = (places: Place[], query: string): Found[] =>
  places
    .filter(({ name, words }) => matches(`${name} ${words}`, query))
    .sort((a, b) => Number(matches(b.name, query)) - Number(matches(a.name, query)))
    .map(({ name, href, description }) => ({ label: name, value: href, description }));

/** Give what the console has itself under these words; it is there at once. */
export function searchPlaces(text: string): FoundGroup[] {
  const query = text.trim().toLowerCase();
  const groups = [
    { label: "Services", options: placesLike(SERVICES, query) },
    { label: "Pages", options: placesLike(PAGES, query).slice(0, MOST) },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/** Keep an answer for a while; what failed is asked again, and the next person is told nothing of it. */
function keptFor<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { until: number; answer: Promise<T> } | undefined;
  const forget = (): void => {
    kept = undefined;
  };
  onSessionChange(forget);
  return () => {
    if (kept === undefined || kept.until < Date.now()) {
      kept = { until: Date.now() + milliseconds, answer: ask() };
      kept.answer.catch(forget);
    }
    return kept.answer;
  };
}

const names = {
  users: keptFor(KEPT_MS, async () => (await listUsers()).map(({ UserName }) => UserName!)),
  groups: keptFor(KEPT_MS, async () => (await listGroups()).map(({ GroupName }) => GroupName!)),
  roles: keptFor(KEPT_MS, async () => (await listRoles()).map(({ RoleName }) => RoleName!)),
  policies: keptFor(KEPT_MS, async () => (await listPolicies("All")).map(({ Arn }) => Arn!)),
};

const namesLike = (all: string[], query: string, href: (name: string) => string): Found[] =>
  all
    .filter((name) => matches(name, query))
    .slice(0, MOST)
    .map((name) => ({ label: name, value: href(name) }));

const policiesLike = (arns: string[], query: string): Found[] =>
  arns
    .map((arn) => ({ label: arn.slice(arn.lastIndexOf("/") + 1), value: paths.policy(arn) }))
    .filter(({ label }) => matches(label, query))
    .slice(0, MOST);

async function keyNamed(text: string): Promise<Found[]> {
  const id = text.trim().toUpperCase();
  if (!KEY_ID.test(id)) return [];
  const { userName } = await getLastUse(id);
  if (userName === undefined) return [];
  return [{ label: id, value: paths.user(userName, "security"), description: `Access key of ${userName}` }];
}

/** Give what the account has under these words. What the person may not list is left out. */
export async function searchAccount(text: string): Promise<FoundGroup[]> {
  const query = text.trim().toLowerCase();
  if (query.length < 2) return [];
  const asked: [string, Promise<Found[]>][] = [
    ["Access keys", keyNamed(text)],
    ["Users", names.users().then((all) => namesLike(all, query, (name) => paths.user(name)))],
    ["User groups", names.groups().then((all) => namesLike(all, query, paths.group))],
    ["Roles", names.roles().then((all) => namesLike(all, query, paths.role))],
    ["Policies", names.policies().then((all) => policiesLike(all, query))],
  ];
  const found = await Promise.all(
    asked.map(async ([label, answer]) => ({ label, options: await answer.catch((): Found[] => []) })),
  );
  return found.filter(({ options }) => options.length > 0);
}
