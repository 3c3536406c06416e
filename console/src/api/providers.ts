import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreateSAMLProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteSAMLProviderCommand,
  GetOpenIDConnectProviderCommand,
  GetSAMLProviderCommand,
  ListOpenIDConnectProvidersCommand,
  ListSAMLProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";

export interface Provider {
  kind: "OpenID Connect" | "SAML";
  arn: string;
  /** What stands behind the ARN's last sign: a host and path, or a name. */
  name: string;
  createdAt: Date | undefined;
}

export interface ProviderDetails {
  url?: string | undefined;
  audiences?: string[];
  thumbprints?: string[];
  metadata?: string | undefined;
}

const nameIn = (arn: string): string => arn.replace(/^[^/]*\//, "");

/** List the identity providers of both kinds. */
export async function listProviders(): Promise<Provider[]> {
  const [openId, saml] = await Promise.all([
    iam().send(new ListOpenIDConnectProvidersCommand({})),
    iam().send(new ListSAMLProvidersCommand({})),
  ]);
  const openIdDetails = await Promise.all(
    (openId.OpenIDConnectProviderList ?? []).map(async ({ Arn }): Promise<Provider> => {
      const found = await iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn })).catch(() => undefined);
      return { kind: "OpenID Connect", arn: Arn!, name: nameIn(Arn!), createdAt: found?.CreateDate };
    }),
  );
  return [
    ...openIdDetails,
    ...(saml.SAMLProviderList ?? []).map(({ Arn, CreateDate }): Provider => ({ kind: "SAML", arn: Arn!, name: nameIn(Arn!), createdAt: CreateDate })),
  ];
}

export async function getProvider({ kind, arn }: Provider): Promise<ProviderDetails> {
  if (kind === "SAML") {
    const { SAMLMetadataDocument } = await iam().send(new GetSAMLProviderCommand({ SAMLProviderArn: arn }));
    return { metadata: SAMLMetadataDocument };
  }
  const { Url, ClientIDList, ThumbprintList } = await iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  return { url: Url, audiences: ClientIDList ?? [], thumbprints: ThumbprintList ?? [] };
}

export const createOpenIdProvider = (Url: string, ClientIDList: string[]) =>
  iam().send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList }));

export const createSamlProvider = (Name: string, SAMLMetadataDocument: string) =>
  iam().send(new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument }));

export const addAudience = (OpenIDConnectProviderArn: string, ClientID: string) =>
  iam().send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));

export const removeAudience = (OpenIDConnectProviderArn: string, ClientID: string) =>
  iam().send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));

export const deleteProvider = ({ kind, arn }: Provider) =>
  kind === "SAML"
    ? iam().send(new DeleteSAMLProviderCommand({ SAMLProviderArn: arn }))
    : iam().send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
