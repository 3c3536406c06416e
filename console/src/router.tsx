import { createBrowserRouter, type LazyRouteFunction, Navigate, type RouteObject, redirect } from "react-router-dom";
import { paths } from "./paths";
import { sessionState } from "./session/session";
import { placeAfterSignIn } from "./session/wayBack";
import { RouteProblem } from "./shell/RouteProblem";

type Loaded = Promise<Record<string, React.ComponentType>>;

const page = (path: string, load: () => Loaded, name: string): RouteObject => ({
  path,
  lazy: (async () => ({ Component: (await load())[name]! })) as LazyRouteFunction<RouteObject>,
});

const PAGES: RouteObject[] = [
  page("/console", () => import("./pages/home/HomePage"), "HomePage"),
  page("/console/iam", () => import("./pages/dashboard/DashboardPage"), "DashboardPage"),
  page("/console/cloudtrail/events", () => import("./pages/events/EventsPage"), "EventsPage"),
  page("/console/cloudtrail/events/:eventId", () => import("./pages/events/EventPage"), "EventPage"),
  page("/console/iam/groups", () => import("./pages/groups/GroupsPage"), "GroupsPage"),
  page("/console/iam/groups/:groupName", () => import("./pages/group/GroupPage"), "GroupPage"),
  page("/console/iam/policies", () => import("./pages/policies/PoliciesPage"), "PoliciesPage"),
  page("/console/iam/create-policy", () => import("./pages/policies/CreatePolicyPage"), "CreatePolicyPage"),
  page("/console/iam/policies/:policyArn", () => import("./pages/policy/PolicyPage"), "PolicyPage"),
  page("/console/iam/credential-report", () => import("./pages/credential-report/CredentialReportPage"), "CredentialReportPage"),
  page("/console/iam/account-settings", () => import("./pages/account-settings/AccountSettingsPage"), "AccountSettingsPage"),
  page("/console/iam/roles", () => import("./pages/roles/RolesPage"), "RolesPage"),
  page("/console/iam/create-role", () => import("./pages/roles/CreateRolePage"), "CreateRolePage"),
  page("/console/iam/roles/:roleName", () => import("./pages/role/RolePage"), "RolePage"),
  page("/console/iam/simulator", () => import("./pages/simulator/SimulatorPage"), "SimulatorPage"),
  page("/console/iam/authorization-details/:authorizationId", () => import("./pages/denial/DenialPage"), "DenialPage"),
  page("/console/iam/identity-providers", () => import("./pages/providers/ProvidersPage"), "ProvidersPage"),
  page("/console/iam/users", () => import("./pages/users/UsersPage"), "UsersPage"),
  page("/console/iam/create-user", () => import("./pages/create-user/CreateUserPage"), "CreateUserPage"),
  page("/console/iam/users/:userName", () => import("./pages/user/UserPage"), "UserPage"),
  page(
    "/console/iam/users/:userName/create-access-key",
    () => import("./pages/create-access-key/CreateAccessKeyPage"),
    "CreateAccessKeyPage",
  ),
  page(
    "/console/iam/users/:userName/rotate-access-key/:accessKeyId",
    () => import("./pages/rotate-access-key/RotateAccessKeyPage"),
    "RotateAccessKeyPage",
  ),
  page("/console/iam/security-credentials", () => import("./pages/my-credentials/MyCredentialsPage"), "MyCredentialsPage"),
  page(
    "/console/iam/security-credentials/create-access-key",
    () => import("./pages/create-access-key/CreateAccessKeyPage"),
    "CreateMyAccessKeyPage",
  ),
  page(
    "/console/iam/security-credentials/rotate-access-key/:accessKeyId",
    () => import("./pages/rotate-access-key/RotateAccessKeyPage"),
    "RotateMyAccessKeyPage",
  ),
];

/** Lead to the door whoever is not signed in; `main` and the session's end do the same from without. */
function needSession({ request }: { request: Request }): Response | null {
  if (sessionState().status === "signedIn") return null;
  const { pathname, search } = new URL(request.url);
  return redirect(`${paths.signIn}?${new URLSearchParams({ next: pathname + search })}`);
}

export const makeRouter = () =>
  createBrowserRouter([
    { path: "/", element: <Navigate to={paths.home} replace /> },
    {
      path: paths.signIn,
      loader: ({ request }) =>
        sessionState().status === "signedIn" ? redirect(placeAfterSignIn(new URL(request.url).searchParams)) : null,
      lazy: async () => ({ Component: (await import("./pages/sign-in/SignInPage")).SignInPage }),
      errorElement: <RouteProblem />,
      hydrateFallbackElement: <></>,
    },
    {
      loader: needSession,
      lazy: async () => ({ Component: (await import("./shell/Shell")).Shell }),
      errorElement: <RouteProblem />,
      hydrateFallbackElement: <></>,
      children: [
        { errorElement: <RouteProblem />, children: PAGES },
        page("*", () => import("./pages/not-found/NotFoundPage"), "NotFoundPage"),
      ],
    },
  ]);
