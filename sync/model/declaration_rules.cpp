// SPDX-License-Identifier: EUPL-1.2
// The rules of a declaration that need no catalogue. Each function names the first rule that is
// broken, or nothing; the order is that of the fields.
#include <algorithm>
#include <set>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits.hpp"
#include "sync/model/access_request.hpp"
#include "sync/model/declaration.hpp"
#include "sync/model/text_rules.hpp"
#include "sync/model/times.hpp"

namespace model {
namespace {

/// Name of the broken rule with static lifetime; nullptr = none.
using Broken = const char*;

// The longest name field of an eID card is 200 bytes of UTF-8 or so; doubled. A site is a line.
constexpr std::size_t name_bytes_max = 400;
constexpr std::size_t site_bytes_max = 128;
constexpr std::size_t list_items_max = 32;

bool is_authority(const AuthorityId& id) {
    return is_id(id.get());
}

template <class T>
bool has_doubles(const std::vector<T>& items) {
    return std::set<T>(items.begin(), items.end()).size() != items.size();
}

bool is_release(const Declaration& d) {
    return d.act_type == ActType::consent || d.act_type == ActType::confidentiality_release;
}

Broken entry_rule(const EntryRef& entry) {
    if (!is_id(entry.id.get())) return "entry.id";
    if (!is_id(entry.version)) return "entry.version";
    if (!is_id(entry.catalogue_version)) return "entry.catalogue_version";
    return nullptr;
}

Broken target_rule(const Target& target) {
    const bool fits = std::visit(
        base::Overloaded{[](const TargetDeclaration&) { return true; },
                         [](const TargetSubject&) { return true; },
                         [](const TargetRecipient& t) { return is_authority(t.recipient); },
                         [](const TargetEntryRecipient& t) {
                             return is_id(t.entry.get()) && is_authority(t.recipient);
                         }},
        target);
    return fits ? nullptr : "target";
}

Broken person_rule(const Person& person) {
    // A person may have only one name on the card; then it stands in the family name.
    if (!is_line(person.family_name, name_bytes_max)) return "person.family_name";
    if (!person.given_names.empty() && !is_line(person.given_names, name_bytes_max)) {
        return "person.given_names";
    }
    if (!is_birth_date(person.birth_date)) return "person.birth_date";
    return nullptr;
}

Broken selection_rule(const Selection& selection) {
    if (selection.sources.size() > limits::recipients_max) return "selection.sources";
    if (selection.recipients.size() > limits::recipients_max) return "selection.recipients";
    if (!std::all_of(selection.sources.begin(), selection.sources.end(), is_authority) ||
        has_doubles(selection.sources)) {
        return "selection.sources";
    }
    if (!std::all_of(selection.recipients.begin(), selection.recipients.end(), is_authority) ||
        has_doubles(selection.recipients)) {
        return "selection.recipients";
    }
    for (const auto* list : {&selection.categories, &selection.topics}) {
        if (list->size() > list_items_max || has_doubles(*list) ||
            !std::all_of(list->begin(), list->end(), is_id)) {
            return "selection.categories or topics";
        }
    }
    if (!selection.from.ok() || (selection.to && !selection.to->ok())) return "selection date";
    if (selection.to && *selection.to < selection.from) return "selection.to before from";
    return nullptr;
}

/// It demands and grants nothing: whoever it names is asked, and the law sets the time.
Broken request_rule(const Declaration& d) {
    const bool bare = d.selection->sources.empty() && d.selection->categories.empty() &&
                      d.selection->topics.empty() && !d.selection->to;
    if (d.act_type != ActType::notice) return "request.act_type";
    if (d.selection->recipients.empty()) return "request of nobody";
    return bare ? nullptr : "request.selection";
}

Broken given_rule(const Declaration& d) {
    if (!d.entry) return "entry missing";
    if (!d.subject) return "subject missing";
    if (!d.person) return "person missing";
    if (!d.selection) return "selection missing";
    if (d.assurance.method == Method::receipt_code || d.assurance.method == Method::provisional) {
        return "method cannot give";
    }
    if (d.selection->from < day_of(capture_ms(d.time))) return "selection.from before capture";
    if (!d.presentation.review_shown) return "review not shown";
    if (!d.targets.empty() && d.act_type != ActType::objection) return "targets of a grant";
    if (is_release(d)) {
        if (d.selection->sources.empty()) return "no source";
        if (d.selection->categories.empty()) return "no category";
        if (!d.selection->to) return "no end";
    }
    if (d.act_type != ActType::notice && d.selection->recipients.empty()) return "no recipient";
    return is_access_request(d) ? request_rule(d) : nullptr;
}

Broken withdrawn_rule(const Declaration& d) {
    if (d.act_type == ActType::notice) return "notice withdrawn";
    if (d.targets.empty()) return "no target";
    if (d.resumes) return "withdrawal resumes";
    if (d.assurance.method == Method::receipt_code) {
        const bool one =
            d.targets.size() == 1 && std::holds_alternative<TargetDeclaration>(d.targets.front());
        if (!one) return "receipt aims at one declaration";
        if (d.subject || d.person) return "receipt names nobody";
        if (!d.slip_hash) return "receipt without secret";
        return nullptr;
    }
    if (!d.subject) return "subject missing";
    if (d.assurance.method == Method::provisional && !d.person) return "person missing";
    return nullptr;
}

Broken presentation_rule(const Presentation& presentation) {
    if (!is_language(presentation.language)) return "presentation.language";
    if (!is_id(presentation.contrast)) return "presentation.contrast";
    if (presentation.text_percent < 50 || presentation.text_percent > 400) {
        return "presentation.text_percent";
    }
    return nullptr;
}

Broken first_broken(const Declaration& d) {
    if (d.time.wall_ms > unix_ms_max || d.time.floor_ms > unix_ms_max) return "time";
    if (!is_line(d.place.site, site_bytes_max)) return "place.site";
    if (d.entry) {
        if (Broken broken = entry_rule(*d.entry)) return broken;
    }
    if (d.targets.size() > limits::targets_max) return "targets";
    for (const Target& target : d.targets) {
        if (Broken broken = target_rule(target)) return broken;
    }
    if (d.subject && (d.subject->value.size() < 16 || d.subject->value.size() > 64)) {
        return "subject.value";
    }
    if (d.person) {
        if (Broken broken = person_rule(*d.person)) return broken;
    }
    if (d.selection) {
        if (Broken broken = selection_rule(*d.selection)) return broken;
    }
    if (Broken broken = presentation_rule(d.presentation)) return broken;
    return d.event == Event::given ? given_rule(d) : withdrawn_rule(d);
}

}  // namespace

std::uint64_t capture_ms(const Time& time) {
    return time.quality == TimeQuality::floor ? time.floor_ms : time.wall_ms;
}

base::Result<void> validate(const Declaration& declaration) {
    if (Broken broken = first_broken(declaration)) {
        return base::fail(base::Errc::declaration_bad, broken);
    }
    return {};
}

}  // namespace model
