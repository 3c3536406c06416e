import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { paths } from "../paths";
import { useIdentity } from "../session/useSession";

/** Give the address at which the account's users sign in. */
export function useSignInAddress(): string {
  const { accountId, accountAlias } = useIdentity();
  return `${location.origin}${paths.signIn}?account=${encodeURIComponent(accountAlias ?? accountId)}`;
}

export function SignInAddress() {
  const address = useSignInAddress();
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={address}
      copyButtonAriaLabel="Copy sign-in link"
      copySuccessText="Link copied"
      copyErrorText="Link not copied"
    />
  );
}
