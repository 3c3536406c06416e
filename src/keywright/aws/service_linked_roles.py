"""
The roles that AWS's services make for themselves: their names, and the policies that AWS attaches to them.

Services, names and policies are from the services' own guides (each has a page "Using service-linked roles") and from
the role ARNs in AWS's managed policies. A service that is not here has none in Keywright.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class ServiceLinkedRole(NamedTuple):
    """What a service's role is called and may do."""

    name: str
    policy_name: str | None = None
    """Of the policies below `arn:aws:iam::aws:policy/aws-service-role/`; None where Keywright does not keep it."""
    takes_suffix: bool = False
    """Whether an account may have several."""

    def role_name(self, suffix: str | None) -> str:
        """Give the role's name, with the suffix that tells it from the service's others."""
        return self.name if suffix is None else f"{self.name}_{suffix}"


SERVICE_LINKED_ROLES: Final[Mapping[str, ServiceLinkedRole]] = {
    "access-analyzer.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAccessAnalyzer", "AccessAnalyzerServiceRolePolicy"
    ),
    "acm.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForCertificateManager", "CertificateManagerServiceRolePolicy"
    ),
    "apidestinations.events.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonEventBridgeApiDestinations"),
    "application-signals.cloudwatch.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForCloudWatchApplicationSignals"),
    "apprunner.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAppRunner"),
    "autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy", takes_suffix=True
    ),
    "backup.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForBackup", "AWSBackupServiceLinkedRolePolicyForBackup"),
    "batch.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForBatch", "BatchServiceRolePolicy"),
    "cloudtrail.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForCloudTrail", "CloudTrailServiceRolePolicy"),
    "cognito-idp.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonCognitoIdp", "AmazonCognitoIdpServiceRolePolicy"
    ),
    "config.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForConfig", "AWSConfigServiceRolePolicy"),
    "dax.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForDAX", "DAXServiceRolePolicy"),
    "delivery.logs.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForLogDelivery", "AWSServiceRoleForLogDeliveryPolicy"
    ),
    "dynamodb.application-autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable", "AWSApplicationAutoscalingDynamoDBTablePolicy"
    ),
    "ec2fleet.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEC2Fleet", "AWSEC2FleetServiceRolePolicy"),
    "ecs.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForECS", "AmazonECSServiceRolePolicy"),
    "ecs.application-autoscaling.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForApplicationAutoScaling_ECSService", "AWSApplicationAutoscalingECSServicePolicy"
    ),
    "eks-fargate.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEKSForFargate", "AmazonEKSForFargateServiceRolePolicy"
    ),
    "eks-nodegroup.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonEKSNodegroup", "AWSServiceRoleForAmazonEKSNodegroup"
    ),
    "eks.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonEKS", "AmazonEKSServiceRolePolicy"),
    "elasticache.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForElastiCache", "ElastiCacheServiceRolePolicy"),
    "elasticbeanstalk.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForElasticBeanstalk"),
    "elasticfilesystem.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonElasticFileSystem", "AmazonElasticFileSystemServiceRolePolicy"
    ),
    "elasticloadbalancing.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForElasticLoadBalancing", "AWSElasticLoadBalancingServiceRolePolicy"
    ),
    "elasticmapreduce.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEMRCleanup", "AmazonEMRCleanupPolicy"),
    "email.cognito-idp.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonCognitoIdpEmail", "AmazonCognitoIdpEmailServiceRolePolicy"
    ),
    "es.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonElasticsearchService", "AmazonElasticsearchServiceRolePolicy"
    ),
    "events.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForCloudWatchEvents", "CloudWatchEventsServiceRolePolicy"),
    "fms.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForFMS", "FMSServiceRolePolicy"),
    "fsx.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonFSx", "AmazonFSxServiceRolePolicy"),
    "globalaccelerator.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForGlobalAccelerator", "AWSGlobalAcceleratorSLRPolicy"
    ),
    "guardduty.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"
    ),
    "imagebuilder.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForImageBuilder"),
    "inspector2.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonInspector2", "AmazonInspector2ServiceRolePolicy"
    ),
    "kafka.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForKafka", "KafkaServiceRolePolicy"),
    "lakeformation.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLakeFormationDataAccess"),
    "lambda.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLambda", "AWSLambdaServiceRolePolicy"),
    "lex.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLexBots"),
    "lexv2.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForLexV2Bots", takes_suffix=True),
    "macie.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonMacie", "AmazonMacieServiceRolePolicy"),
    "memorydb.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForMemoryDB", "MemoryDBServiceRolePolicy"),
    "mq.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonMQ", "AmazonMQServiceRolePolicy"),
    "network-firewall.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForNetworkFirewall", "AWSNetworkFirewallServiceRolePolicy"
    ),
    "opensearchservice.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForAmazonOpenSearchService", "AmazonOpenSearchServiceRolePolicy"
    ),
    "ops.apigateway.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAPIGateway", "APIGatewayServiceRolePolicy"),
    "organizations.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForOrganizations", "AWSOrganizationsServiceTrustPolicy"
    ),
    "osis.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonOpenSearchIngestionService"),
    "ram.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForResourceAccessManager", "AWSResourceAccessManagerServiceRolePolicy"
    ),
    "rds.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForRDS", "AmazonRDSServiceRolePolicy"),
    "redshift.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForRedshift", "AmazonRedshiftServiceLinkedRolePolicy"),
    "replication.dynamodb.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForDynamoDBReplication", "DynamoDBReplicationServiceRolePolicy"
    ),
    "resource-explorer-2.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForResourceExplorer", "AWSResourceExplorerServiceRolePolicy"
    ),
    "securityhub.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForSecurityHub", "AWSSecurityHubServiceRolePolicy"),
    "spot.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEC2Spot", "AWSEC2SpotServiceRolePolicy"),
    "spotfleet.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForEC2SpotFleet", "AWSEC2SpotFleetServiceRolePolicy"),
    "ssm.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForAmazonSSM", "AmazonSSMServiceRolePolicy"),
    "sso.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForSSO", "AWSSSOServiceRolePolicy"),
    "support.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForSupport", "AWSSupportServiceRolePolicy"),
    "transitgateway.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForVPCTransitGateway", "AWSVPCTransitGatewayServiceRolePolicy"
    ),
    "trustedadvisor.amazonaws.com": ServiceLinkedRole(
        "AWSServiceRoleForTrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"
    ),
    "vpc-lattice.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForVpcLattice", "AWSVpcLatticeServiceRolePolicy"),
    "wafv2.amazonaws.com": ServiceLinkedRole("AWSServiceRoleForWAFV2Logging", "WAFV2LoggingServiceRolePolicy"),
}
"""By service principal."""
