#ifndef LENSCAP_SERVICES_CLI_COMMAND_H_
#define LENSCAP_SERVICES_CLI_COMMAND_H_

#include <variant>

#include "services/cli/admin_command.h"
#include "services/cli/audit_command.h"
#include "services/cli/convert_command.h"
#include "services/cli/explain_command.h"
#include "services/cli/export_command.h"
#include "services/cli/fingerprint_command.h"
#include "services/cli/golden_command.h"
#include "services/cli/intake_command.h"
#include "services/cli/issuer_command.h"
#include "services/cli/list_command.h"
#include "services/cli/list_control_command.h"
#include "services/cli/list_file_command.h"
#include "services/cli/list_keys_command.h"
#include "services/cli/listing_command.h"
#include "services/cli/print_command.h"
#include "services/cli/publish_command.h"
#include "services/cli/queue_command.h"
#include "services/cli/queue_work_command.h"
#include "services/cli/report_command.h"
#include "services/cli/rules_command.h"
#include "services/cli/rules_file_command.h"
#include "services/cli/scan_command.h"
#include "services/cli/server_command.h"
#include "services/cli/webhook_command.h"
#include "services/cli/stills_command.h"

namespace lenscap::cli {

// What one command line asks for; there is a Run for each.
using Command = std::variant<
    PrintOptions, ScanOptions, FingerprintFileOptions, CompareOptions,
    PublishOptions, ShowListOptions, WithdrawOptions, ExportOptions,
    HistoryOptions, ConvertOptions, RollbackOptions, HoldEntriesOptions,
    ListModeOptions, DownloadListOptions, FeedbackOptions, ListCasesOptions,
    ShowCaseOptions, LeaseOptions, ExtendOptions, ReleaseOptions, SettleOptions,
    AppealOptions, ClaimsOptions, UndoOptions, HoldCaseOptions, EscalateOptions,
    ReassignOptions, AddGoldenOptions, ListGoldenOptions, RemoveGoldenOptions,
    ReviewersOptions, UploadsOptions, AccountOptions, GroupOptions,
    StatsOptions, WatchOptions, RunServerOptions, KeygenOptions,
    NewKeySetOptions, RotateKeySetOptions, SignOptions, VerifyOptions,
    MakeListOptions, WhoAmIOptions, CreateTokenOptions, ListTokensOptions,
    RevokeTokenOptions, CertificatesOptions, ShowAuditOptions,
    VerifyAuditLogOptions, CheckpointOptions, CampaignOptions,
    ComplianceOptions, StatementsOptions, TakeUpKeysOptions, RevokeKeyOptions,
    ListIssuersOptions, CreateWebhookOptions, ListWebhooksOptions,
    DeleteWebhookOptions, TestWebhookOptions, ListDeliveriesOptions,
    ReplayWebhookOptions, VerifyWebhookOptions, WatchOutcomesOptions,
    UploadStateOptions, ExposureOptions, SubmitReportOptions,
    ReportStatusOptions, ListReportsOptions, ShowReportOptions,
    AnswerReportOptions, ReviewListingsOptions, ExplainTextOptions,
    TestRulesOptions, LintRulesOptions, SignRulesOptions, PublishRulesOptions,
    ListRulesOptions, RuleModeOptions>;

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_COMMAND_H_
