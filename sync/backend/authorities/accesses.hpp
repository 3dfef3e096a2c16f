// SPDX-License-Identifier: EUPL-1.2
// What an authority reports of its use of a release: that it looked at or passed on some categories
// of data, when, for which purpose, with which system. Codes and times only, tied to the person by
// the authority's own handle; the citizen reads it as insight. A report that no grant covers is
// refused and kept all the same, as an access without a grant, for the citizen and the data
// protection officer. Runs on the thread of its store. Norm: domain LR-41, LR-44; the data tracker
// of X-Road (who, when, why) was the model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/port/clock.hpp"
#include "sync/backend/authorities/cases.hpp"
#include "sync/backend/views/opener.hpp"

namespace backend {

struct AccessReport {
    base::Uuid id;  ///< the reporter's own: the same report again changes nothing
    std::optional<base::Uuid> declaration;  ///< else file_number and entry are set
    std::string file_number;
    std::string entry;
    std::string recipient;  ///< as a source: whom it told; empty = used by itself
    std::vector<std::string> categories;
    std::string purpose;  ///< id of a text, for example "appointment"
    std::string system;   ///< id of the system that did it
    std::uint64_t at_ms = 0;
    bool withheld = false;  ///< the citizen may be told no more than the day (LR-42)
};
/// {"id","declaration" | "file_number","entry", "categories":[1..32 ids],"purpose","system","at",
/// ["recipient"],["withheld"]}. errors: message_bad.
base::Result<AccessReport> parse_access(std::string_view body);

/// What covers an access. late: it had been taken back, and the authority had not yet been told.
enum class Coverage : std::uint8_t { covered, late, none };
[[nodiscard]] std::string_view word(Coverage coverage);

class AccessBook {
  public:
    struct Parts {
        Store& store;
        const Opener& opener;
        port::Clock& clock;
    };
    explicit AccessBook(Parts parts) : parts_(parts) {}

    enum class Refusal : std::uint8_t { not_found, differs };
    struct Verdict {
        std::optional<Refusal> refusal;  ///< nothing was recorded
        Coverage coverage = Coverage::none;
    };
    /// Records a report. The same one again gets the same verdict; another one under its id is
    /// refused as `differs`. A declaration or file that is not this authority's is `not_found`.
    /// errors  message_bad (in the future, or longer ago than limits::access_age_ms_max), those of
    ///         the store. cost: opens each declaration that may cover it, 2 ms each.
    base::Result<Verdict> record(std::string_view authority, const AccessReport& report);

    /// The authority says that it has reported everything up to this moment: how fresh its part of
    /// an insight is. An earlier moment than the last one changes nothing.
    /// errors  message_bad (in the future), those of the store.
    base::Result<void> complete_until(std::string_view authority, std::uint64_t at_ms);

  private:
    base::Result<Coverage> coverage_of(std::string_view authority, const Case& item,
                                       const AccessReport& report) const;
    base::Result<bool> has_categories(const Case& item, const AccessReport& report) const;

    Parts parts_;
};

/// Accesses that no grant covered, newest first, at most 100, for the data protection officer:
/// {"total","accesses":[{"authority","id","entry","at","reported_at","coverage"}]}; no person.
base::Result<std::string> uncovered_accesses(Store& store);

}  // namespace backend
