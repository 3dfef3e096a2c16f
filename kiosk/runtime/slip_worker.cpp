// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/slip_worker.hpp"

#include <utility>

#include "drivers/base/log.hpp"
#include "kiosk/runtime/slip_judge.hpp"
#include "kiosk/runtime/wipe_stack.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwk.hpp"

namespace runtime {

SlipWorker::SlipWorker(Parts parts) : parts_(parts), thread_([this] { run(); }) {}

SlipWorker::~SlipWorker() {
    parts_.reader.cancel();
}

void SlipWorker::renew(const consent::Catalogue& catalogue) {
    std::vector<LetterKey> keys;
    for (const consent::Authority& authority : catalogue.authorities) {
        if (authority.slip_key.empty()) continue;
        const auto key = seal::parse_public_jwk(authority.slip_key);
        // A point off the curve: its letters are told as those of an unknown key.
        if (key)
            keys.push_back({authority.id, key->point});
        else
            base::log_error(key.error());
    }
    const std::lock_guard lock(mutex_);
    letter_keys_ = std::move(keys);
}

LetterTrust SlipWorker::trust() {
    const std::lock_guard lock(mutex_);
    return {letter_keys_, model::day_of(parts_.floor_ms.load())};
}

void SlipWorker::run() {
    while (auto code = parts_.reader.next()) {
        JudgedCode judged = judge_code(code->expose(), trust());
        code.reset();
        wipe_stack();
        if (std::holds_alternative<core::TakeBackSlip>(judged.slip))
            parts_.journal.look_at(std::move(judged));
        else
            parts_.mailbox.post(core::SlipHeld{std::move(judged.slip)});
    }
}

}  // namespace runtime
