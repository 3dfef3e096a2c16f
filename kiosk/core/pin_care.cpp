// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/core/pin_care.hpp"

#include <utility>

#include "drivers/base/check.hpp"

namespace core {
namespace {

Task only_care() {
    Task task;
    task.kind = Task::Kind::care;
    return task;
}

/// Places at the card where nothing is running: their task waits for the care.
struct TaskAt {
    std::optional<Task> operator()(const Home&) const { return only_care(); }
    std::optional<Task> operator()(const CardWait& at) const { return at.task; }
    std::optional<Task> operator()(const CardAsk& at) const { return at.task; }
    std::optional<Task> operator()(const PinPad& at) const { return at.task; }
    std::optional<Task> operator()(const CanExplain& at) const { return at.task; }
    std::optional<Task> operator()(const CanPad& at) const { return at.task; }
    std::optional<Task> operator()(const LetterPin& at) const { return at.typed.task; }
    std::optional<Task> operator()(const NewPinPad& at) const { return at.typed.task; }
    std::optional<Task> operator()(const NewPinAgain& at) const { return at.typed.task; }
    std::optional<Task> operator()(const PukExplain& at) const { return at.task; }
    std::optional<Task> operator()(const PukPad& at) const { return at.task; }
    std::optional<Task> operator()(const Failed& at) const {
        if (at.draft) return {};  // not recorded yet: nothing may push it aside
        return at.task ? *at.task : only_care();
    }
    template <class P>
    std::optional<Task> operator()(const P&) const {
        return {};
    }
};

}  // namespace

std::optional<Task> task_for_care(const Place& place) {
    return std::visit(TaskAt{}, place);
}

std::optional<Task> rest_of(Task task) {
    if (task.kind == Task::Kind::care) return {};
    task.care.reset();
    return task;
}

Step to_care(Task task, std::uint8_t tries_left) {
    CHECK(task.care.has_value());
    if (*task.care == Care::unblock) {
        if (tries_left == 0) return go(PukExplain{std::move(task)});
        return go(Failed{base::Errc::puk_not_needed, rest_of(std::move(task)), {}, false});
    }
    if (tries_left == 0) return go(Failed{base::Errc::pin_blocked, std::move(task), {}, false});
    if (tries_left == 1) return go(CanExplain{std::move(task)});
    return go(PinPad{std::move(task), tries_left, false, {}, {}});
}

Step out_of_care(Task task, const Around& around) {
    auto rest = rest_of(std::move(task));
    if (!rest) return go(Home{});
    return to_card(std::move(*rest), around);
}

Place start_of_typing(PinToChange typed) {
    if (typed.can) return CanPad{std::move(typed.task), false, {}};
    return PinPad{std::move(typed.task), typed.tries_left, false, {}, {}};
}

Step to_pin_done(Task task, const Around& around) {
    CHECK(task.care.has_value());
    PinDone done{*task.care, rest_of(std::move(task)), {}};
    if (!around.common.card_present) done.card_out_ms = around.common.now.boot_ms;
    return go(std::move(done));
}

std::size_t pin_digits_of(const Task& task) {
    return task.care == Care::own_pin ? letter_pin_digits : Pin::capacity;
}

}  // namespace core
