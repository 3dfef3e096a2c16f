// SPDX-License-Identifier: EUPL-1.2
// What one authority sees: its declarations with their present state, without names. Every
// statement asks for the authority first, so nothing of another one can come back. Names are added
// by the inbox, which has the key. Runs on the thread of the store. Norm: architecture.md 4, domain
// LR-20 (expiry is computed when asked).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/backend/ingest/rule.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/receipts/merkle.hpp"

namespace backend {

using receipts::Hash;

/// The word that pages and answers use.
enum class CaseState : std::uint8_t {
    usable,
    not_yet,
    expired,
    withdrawn,
    suspended,
    objection,
    objection_ended,
    provisional,
    access_request,  ///< the person demands to be told what is held about them
    invalid,         ///< what was sealed and what was declared to the log do not agree: never used
};
[[nodiscard]] std::string_view word(CaseState state);

struct CasePart {
    std::string recipient;
    Effect effect = Effect::none;
};
struct Ending {
    base::Uuid declaration;  ///< of the withdrawal
    base::Uuid terminal;     ///< where it was recorded
    std::uint64_t wall_ms = 0;
};
struct CaseStatus {
    std::string state;
    std::uint64_t at_ms = 0;
    std::string reason;  ///< a code; empty = none was given
};

struct Case {
    Hash leaf{};
    Place place;
    base::Uuid declaration;
    std::string entry;
    std::string act_type;
    bool is_source = false;
    bool is_recipient = false;
    base::Bytes handle;
    base::Bytes match_key;
    std::string from;
    std::string to;  ///< last day of validity; empty = none
    std::uint64_t log_index = 0;
    std::uint64_t received_ms = 0;
    std::optional<std::string> file_number;
    std::vector<CasePart> parts;       ///< those that this authority may see
    std::vector<Ending> endings;       ///< protective acts on those parts, oldest first
    std::optional<CaseStatus> status;  ///< what this authority said about the present state
    CaseState state = CaseState::invalid;
    bool overdue = false;  ///< a request for access, unanswered after its last day

    /// Withdrawn or in doubt, and nobody knows whose file it is.
    [[nodiscard]] bool alarm() const;
};

/// Overdue ones first, then unassigned, among them alarms; then newest first. At most
/// inbox_items_max, after the first `from` of that order. today   "YYYY-MM-DD".
base::Result<std::vector<Case>> list_cases(Store& store, std::string_view authority,
                                           std::string_view today, std::uint64_t from);
/// How many there are, also beyond that bound.
base::Result<std::uint64_t> count_cases(Store& store, std::string_view authority);
/// How many requests for access are overdue at all authorities together.
base::Result<std::uint64_t> count_overdue(Store& store, std::string_view today);
/// One declaration, or nothing if this authority has none of that id.
base::Result<std::optional<Case>> find_case(Store& store, std::string_view authority,
                                            const base::Uuid& declaration, std::string_view today);
/// What this authority said about the present state of a case that was read before: about the acts
/// that ended it if there are any, else about the declaration. Nothing if it has said nothing.
base::Result<std::optional<CaseStatus>> status_of_case(Store& store, std::string_view authority,
                                                       const Case& item);
/// All declarations of one file.
base::Result<std::vector<Case>> cases_of_file(Store& store, std::string_view authority,
                                              std::string_view file_number, std::string_view today);
/// Match keys that more than one person of this authority's inbox has.
base::Result<std::vector<base::Bytes>> ambiguous_keys(Store& store, std::string_view authority);

}  // namespace backend
