// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/ledger.hpp"

#include <algorithm>

#include "drivers/base/handle.hpp"

namespace sim {

bool Ledger::on_disk_before(const Told& first, const Told& later) const {
    std::size_t device = later.device;
    std::uint64_t below = later.order;
    // Copies were made in the order of their numbers, so this ends.
    for (;;) {
        if (first.device == device) return first.order < below;
        const auto found = ancestors.find(device);
        if (found == ancestors.end()) return false;
        device = found->second.device;
        below = found->second.order + 1;
    }
}

bool Ledger::reaches(const Told& act, const Told& given, std::size_t part) {
    const std::string& recipient = given.recipients.at(part);
    return std::ranges::any_of(act.targets, [&](const model::Target& target) {
        return std::visit(
            base::Overloaded{[&](const model::TargetDeclaration& t) {
                                 return t.declaration == given.declaration;
                             },
                             [&](const model::TargetSubject&) {
                                 return act.knows_subject && act.person == given.person;
                             },
                             [&](const model::TargetRecipient& t) {
                                 return act.knows_subject && act.person == given.person &&
                                        t.recipient.get() == recipient;
                             },
                             [&](const model::TargetEntryRecipient& t) {
                                 return act.knows_subject && act.person == given.person &&
                                        t.entry.get() == given.entry &&
                                        t.recipient.get() == recipient;
                             }},
            target);
    });
}

}  // namespace sim
