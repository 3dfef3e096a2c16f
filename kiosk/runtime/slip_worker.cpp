// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/slip_worker.hpp"

#include <utility>

#include "kiosk/runtime/slip_judge.hpp"
#include "kiosk/runtime/wipe_stack.hpp"

namespace runtime {

SlipWorker::SlipWorker(Parts parts) : parts_(parts), thread_([this] { run(); }) {}

SlipWorker::~SlipWorker() {
    parts_.reader.cancel();
}

void SlipWorker::run() {
    while (auto code = parts_.reader.next()) {
        JudgedCode judged = judge_code(code->expose());
        code.reset();
        wipe_stack();
        if (std::holds_alternative<core::TakeBackSlip>(judged.slip))
            parts_.journal.look_at(std::move(judged));
        else
            parts_.mailbox.post(core::SlipHeld{std::move(judged.slip)});
    }
}

}  // namespace runtime
