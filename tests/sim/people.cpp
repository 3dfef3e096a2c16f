// SPDX-License-Identifier: EUPL-1.2
#include "tests/sim/people.hpp"

#include <chrono>

#include "drivers/base/check.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/slip_code.hpp"
#include "tests/sim/cluster.hpp"

namespace sim {
namespace {

using model::Kind;

constexpr std::array<const char*, 2> entries{"JBA-01", "JBA-03"};

std::string any_authority(Dice& dice) {
    return authorities[dice.below(authorities.size())];
}
std::string any_entry(Dice& dice) {
    return entries[dice.below(entries.size())];
}

}  // namespace

People::People(Context& context, std::size_t count) : context_(context) {
    for (std::size_t i = 0; i < count; ++i) {
        Citizen citizen;
        citizen.number = i;
        citizen.pseudonym.resize(32);
        context.dice.fill(citizen.pseudonym);
        // Two people of one name and birthday are among them.
        citizen.given_names = "Nr " + std::to_string(i == 1 ? 0 : i);
        citizens_.push_back(std::move(citizen));
    }
}

People::Plan People::blank(const Citizen& citizen, Kind kind) {
    Plan plan;
    plan.told.kind = kind;
    plan.told.person = citizen.number;
    model::Declaration& draft = plan.draft;
    draft.subject = model::SubjectRef{model::SubjectKind::pseudonym, citizen.pseudonym};
    draft.person = model::Person{canary, citizen.given_names, "2007-01-02"};
    draft.presentation.language = "de";
    draft.presentation.contrast = "light";
    draft.presentation.review_shown = true;
    return plan;
}

model::Target People::selector() {
    Dice& dice = context_.dice;
    switch (dice.below(3)) {
        case 0:
            return model::TargetSubject{};
        case 1:
            return model::TargetRecipient{model::AuthorityId(any_authority(dice))};
        default:
            return model::TargetEntryRecipient{model::EntryId(any_entry(dice)),
                                               model::AuthorityId(any_authority(dice))};
    }
}

People::Plan People::give(const Citizen& citizen, Kind kind, Device& device) {
    Dice& dice = context_.dice;
    Plan plan = blank(citizen, kind);
    model::Declaration& draft = plan.draft;
    if (kind == Kind::objection) draft.act_type = model::ActType::objection;
    if (kind == Kind::decision) draft.act_type = model::ActType::once_only_decision;
    plan.told.entry = any_entry(dice);
    draft.entry = model::EntryRef{model::EntryId(plan.told.entry), "1.0", "1.0.0", {}};
    model::Selection selection;
    selection.sources = {model::AuthorityId(any_authority(dice))};
    const std::size_t first = dice.below(authorities.size());
    for (std::size_t i = 0; i <= dice.below(2); ++i) {
        plan.told.recipients.emplace_back(authorities.at((first + i) % authorities.size()));
        selection.recipients.emplace_back(plan.told.recipients.back());
    }
    selection.categories = {"C07"};
    // The day of capture may be judged by the floor, if the wall clock is proved wrong.
    const auto now = device.status();
    const std::uint64_t day_ms =
        std::max(device.clock().wall_ms(), now ? now->floor_ms : std::uint64_t{0});
    selection.from = model::day_of(day_ms);
    selection.to = model::Date(std::chrono::sys_days(selection.from) + std::chrono::days(300));
    draft.selection = std::move(selection);
    if (kind == Kind::objection) {
        for (std::size_t i = 0; i <= dice.below(2); ++i) draft.targets.push_back(selector());
        plan.told.targets = draft.targets;
    }
    plan.slip = journal::Slip::print;
    return plan;
}

People::Plan People::take_back(Citizen& citizen) {
    Plan plan = blank(citizen, Kind::withdrawal);
    plan.draft.event = model::Event::withdrawn;
    const bool by_id = !citizen.grants.empty() && context_.dice.chance(500);
    plan.draft.targets = {
        by_id ? model::Target(model::TargetDeclaration{context_.dice.pick(citizen.grants)})
              : selector()};
    plan.told.targets = plan.draft.targets;
    return plan;
}

People::Plan People::use_slip(Citizen& citizen) {
    const auto code = seal::read_take_back(context_.dice.pick(citizen.slips));
    CHECK(code.has_value());
    Plan plan = blank(citizen, Kind::withdrawal);
    plan.draft.event = model::Event::withdrawn;
    plan.draft.subject.reset();
    plan.draft.person.reset();
    plan.draft.assurance = {model::Method::receipt_code, model::Level::none, 0};
    plan.draft.slip_hash = code->secret_hash;
    plan.draft.targets = {model::TargetDeclaration{code->code.declaration}};
    plan.told.targets = plan.draft.targets;
    plan.told.knows_subject = false;
    return plan;
}

People::Plan People::end_objection(Citizen& citizen) {
    Plan plan = blank(citizen, Kind::objection_withdrawn);
    plan.draft.act_type = model::ActType::objection;
    plan.draft.event = model::Event::withdrawn;
    const bool by_id = context_.dice.chance(600);
    plan.draft.targets = {
        by_id ? model::Target(model::TargetDeclaration{context_.dice.pick(citizen.objections)})
              : selector()};
    plan.told.targets = plan.draft.targets;
    return plan;
}

People::Plan People::note(const Citizen& citizen) {
    Plan plan = blank(citizen, Kind::provisional_withdrawal);
    plan.draft.event = model::Event::withdrawn;
    plan.draft.assurance = {model::Method::provisional, model::Level::none, 0};
    plan.draft.targets = {selector()};
    plan.told.targets = plan.draft.targets;
    return plan;
}

void People::act(Device& device) {
    Dice& dice = context_.dice;
    Citizen& citizen = dice.pick(citizens_);
    const std::uint64_t roll = dice.below(100);
    Plan plan;
    if (roll < 45) {
        plan = give(citizen, Kind::grant, device);
    } else if (roll < 50) {
        plan = give(citizen, Kind::decision, device);
    } else if (roll < 58) {
        plan = give(citizen, Kind::objection, device);
    } else if (roll < 66 && !citizen.slips.empty()) {
        plan = use_slip(citizen);
    } else if (roll < 74 && !citizen.objections.empty()) {
        plan = end_objection(citizen);
    } else if (roll < 80) {
        plan = note(citizen);
    } else {
        plan = take_back(citizen);
    }
    const Kind kind = plan.told.kind;
    const auto done = device.record(plan.draft, plan.slip, std::move(plan.told));
    context_.trace.note(
        "citizen " + std::to_string(citizen.number) + " " + std::string(model::word(kind)) +
        " at " + std::to_string(device.number()) +
        (done ? " told " + base::to_text(done->declaration).substr(19) : std::string(" failed")));
    if (!done) return;
    if (kind == Kind::grant || kind == Kind::decision) citizen.grants.push_back(done->declaration);
    if (kind == Kind::objection) citizen.objections.push_back(done->declaration);
    if (!done->take_back_code.empty() && kind != Kind::objection) {
        citizen.slips.push_back(done->take_back_code);
    }
}

}  // namespace sim
