// SPDX-License-Identifier: EUPL-1.2
// What a person picked, see selection.hpp.
#include "kiosk/consent/selection.hpp"

#include <algorithm>
#include <set>

namespace consent {

namespace {

using base::Errc;

bool contains(const std::vector<std::string>& items, const std::string& item) {
    return std::find(items.begin(), items.end(), item) != items.end();
}

/// Chosen recipients in the entry's order, so that the same choice always gives the same record.
base::Result<std::vector<std::string>> recipients_of(const Entry& entry, const Choice& choice) {
    if (!entry.recipients_chosen) return entry.recipients;
    const std::set<std::string_view> wanted(choice.recipients.begin(), choice.recipients.end());
    if (wanted.empty()) return base::fail(Errc::declaration_bad, "no recipient chosen");
    if (wanted.size() != choice.recipients.size()) {
        return base::fail(Errc::declaration_bad, "recipient chosen twice");
    }
    std::vector<std::string> out;
    for (const auto& id : entry.recipients) {
        if (wanted.count(id) != 0) out.push_back(id);
    }
    if (out.size() != wanted.size()) {
        return base::fail(Errc::declaration_bad, "recipient not offered");
    }
    return out;
}

/// The end, or nothing for an open duration.
base::Result<std::optional<Date>> end_of(const Catalogue& catalogue, const Entry& entry,
                                         const std::string& id, Date today,
                                         const std::optional<Date>& birth) {
    const std::string& chosen = id.empty() ? entry.duration_default : id;
    const Duration* duration = catalogue.duration(chosen);
    if (duration == nullptr || !contains(entry.durations, chosen)) {
        return base::fail(Errc::declaration_bad, "duration not offered");
    }
    if (duration->open()) return std::optional<Date>{};
    const auto last = last_day(*duration, today, birth);
    if (!last) return base::fail(Errc::declaration_bad, "duration not offered now");
    return last;
}

std::vector<model::AuthorityId> as_ids(const std::vector<std::string>& texts) {
    std::vector<model::AuthorityId> out;
    out.reserve(texts.size());
    for (const auto& text : texts) out.emplace_back(text);
    return out;
}

}  // namespace

std::optional<Date> last_day(const Duration& duration, Date from,
                             const std::optional<Date>& birth) {
    if (duration.open()) return std::nullopt;
    const Date by_length =
        duration.months != 0 ? add_months(from, duration.months) : add_days(from, duration.days);
    if (duration.until_age_years == 0) return by_length;
    if (!birth) return std::nullopt;
    const Date limit = birthday(*birth, duration.until_age_years);
    if (limit <= from) return std::nullopt;
    return std::min(by_length, limit);
}

std::vector<const Duration*> durations_for(const Catalogue& catalogue, const Entry& entry,
                                           Date from, const std::optional<Date>& birth) {
    std::vector<const Duration*> out;
    for (const auto& id : entry.durations) {
        const Duration* duration = catalogue.duration(id);
        if (duration == nullptr) continue;  // load() refuses such an entry
        if (duration->open() || last_day(*duration, from, birth)) out.push_back(duration);
    }
    return out;
}

base::Result<model::Selection> select(const Catalogue& catalogue, const Entry& entry,
                                      const Choice& choice, Date today,
                                      const std::optional<Date>& birth) {
    if (entry.act == ActType::notice) {
        return base::fail(Errc::declaration_bad, "a notice is not declared");
    }
    TRY(chosen, recipients_of(entry, choice));
    TRY(end, end_of(catalogue, entry, choice.duration, today, birth));
    std::vector<std::string> sources = entry.sources;
    std::vector<std::string> recipients = chosen;
    if (entry.both_ways) {
        sources.insert(sources.end(), chosen.begin(), chosen.end());
        recipients = sources;
    }
    model::Selection out;
    out.sources = as_ids(sources);
    out.recipients = as_ids(recipients);
    out.categories = entry.categories;
    out.from = today;
    out.to = end;
    return out;
}

}  // namespace consent
