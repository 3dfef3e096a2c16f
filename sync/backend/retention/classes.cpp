// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/retention/classes.hpp"

namespace backend {
namespace {

using enum Deletion;

constexpr TableClass classes[] = {
    {"record", with_record},  // header, leaf and place stay: proof
    {"advance", with_record},
    {"quarantine", with_record},
    {"part", with_record},
    {"act", with_record},
    {"effect", with_record},
    {"objection_place", with_record},
    {"scope_state", with_record},
    {"view_item", with_record},
    {"view_part", with_record},
    {"status", with_record},
    {"change", with_record},
    {"fit_submission", with_record},
    {"retention_mark", with_record},
    {"assignment", own_period},  // with the last record of its person, or unused
    {"invitation_slip", own_period},
    {"access_report", own_period},
    {"release_request", own_period},
    {"portal_account", own_period},
    {"portal_code", own_period},  // whom it meant goes, the code's hash stays: used once
    {"terminal_event", own_period},
    {"invitation", own_period},
    {"statistic", k9},
    {"statistic_month", k9},
    {"chain", proof},
    {"chain_head", proof},
    {"terminal", proof},
    {"terminal_key", proof},
    {"log_entry", proof},
    {"log_node", proof},
    {"log_state", proof},
    {"log_name", proof},
    {"log_pending", operation},
    {"sequencer_lease", operation},
    {"chain_gap", operation},
    {"view_state", operation},
    {"retention_state", operation},
    {"change_state", operation},
    {"change_counter", operation},
    {"webhook_state", operation},
    {"access_coverage", operation},
};

}  // namespace

std::span<const TableClass> table_classes() {
    return classes;
}

}  // namespace backend
