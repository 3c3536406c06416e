export interface UseCase {
  id: string;
  label: string;
  description: string;
  /** Proposed as the tag Purpose. */
  purpose: string;
  /** What would serve better than a long-term key. */
  advice: string;
  alternatives: string[];
}

/** AWS's use cases, with AWS's advice for each. */
export const USE_CASES: UseCase[] = [
  {
    id: "cli",
    label: "Command Line Interface (CLI)",
    description: "You plan to use this access key to enable the AWS CLI to access your account.",
    purpose: "CLI-Access",
    advice: "A short-lived sign-in is safer than a key that is good until somebody deactivates it.",
    alternatives: [
      "aws login: signs the CLI in with the console password, where the server offers it. Nothing long-lived is stored.",
      "aws sts assume-role: the CLI takes on a role for hours, with MFA if the role asks for it.",
    ],
  },
  {
    id: "local-code",
    label: "Local code",
    description: "You plan to use this access key to enable application code in a local development environment.",
    purpose: "Development",
    advice: "Code on your machine can use the same short-lived credentials as your CLI.",
    alternatives: ["A profile with role_arn and source_profile: every SDK assumes the role by itself."],
  },
  {
    id: "aws-compute",
    label: "Application running on an AWS compute service",
    description: "You plan to use this access key for code on EC2, ECS, Lambda or the like.",
    purpose: "Compute-Service",
    advice: "A role gives such a service credentials that renew themselves. It needs no key.",
    alternatives: ["Attach a role by an instance profile, a task role or an execution role."],
  },
  {
    id: "third-party",
    label: "Third-party service",
    description: "You plan to use this access key for a service that monitors or manages your account.",
    purpose: "Third-Party",
    advice: "A role that the third party assumes, with an external ID, can be taken back without changing a secret.",
    alternatives: ["A role whose trust policy names the third party's account and sts:ExternalId."],
  },
  {
    id: "outside-aws",
    label: "Application running outside AWS",
    description: "You plan to use this access key for workloads in your data center or elsewhere.",
    purpose: "Application",
    advice: "A workload that has an identity already can trade it for short-lived credentials.",
    alternatives: [
      "AssumeRoleWithWebIdentity: tokens of an OpenID Connect provider, such as a CI system's or a cluster's.",
      "AssumeRoleWithSAML: assertions of your identity provider.",
    ],
  },
  {
    id: "other",
    label: "Other",
    description: "Your use case is not listed here.",
    purpose: "Other",
    advice: "A key is right where nothing shorter-lived works. Give it the least permissions and rotate it.",
    alternatives: [
      "Never put it into plain text, a repository or code.",
      "Deactivate or delete it when it is not needed.",
      "Allow what the work needs and no more.",
      "Rotate it every 90 days at least.",
    ],
  },
];
