// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/runtime/slip_judge.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "sync/seal/invitation.hpp"
#include "sync/seal/slip_code.hpp"

namespace runtime {
namespace {

using core::SlipTrouble;

/// What stands behind the address of the page that checks slips; all of it without an address.
std::string_view without_address(std::string_view text) {
    if (!text.starts_with("https://")) return text;
    const std::size_t mark = text.find('#');
    return mark == std::string_view::npos ? text : text.substr(mark + 1);
}

/// Three parts of base64url, the first of which begins as every JSON object does.
bool looks_like_ours(std::string_view text) {
    return text.starts_with("eyJ") && std::ranges::count(text, '.') == 2;
}

core::ShownSlip judge_letter(std::string_view text, const seal::Invitation& letter,
                             const LetterTrust& trust) {
    const auto known = std::ranges::find(trust.keys, letter.authority.get(), &LetterKey::authority);
    if (known == trust.keys.end()) return SlipTrouble::invitation;
    // By its own last day, so that only form and signature are judged here.
    if (!seal::verify_invitation(text, known->key, letter.until))
        return SlipTrouble::invitation_forged;
    if (std::chrono::sys_days(letter.until) < std::chrono::sys_days(trust.today))
        return SlipTrouble::invitation_over;
    return core::Invitation{letter.authority.get(), letter.entry.get(), std::string(text)};
}

}  // namespace

JudgedCode judge_code(base::ByteView bytes, const LetterTrust& trust) {
    const std::string_view text = without_address(base::as_text(bytes));
    const std::size_t mark = text.find('~');
    if (mark != std::string_view::npos) {
        const auto code = seal::read_take_back(text);
        if (!code) {
            const bool ours = looks_like_ours(text.substr(0, mark));
            return {ours ? SlipTrouble::damaged : SlipTrouble::foreign, {}, {}};
        }
        const core::TakeBackSlip slip{code->code.declaration, code->secret_hash, code->code.date,
                                      false, false};
        return {slip, std::string(text.substr(0, mark)), code->code};
    }
    if (seal::read_check(text)) return {SlipTrouble::half, {}, {}};
    if (auto letter = seal::read_invitation(text))
        return {judge_letter(text, *letter, trust), {}, {}};
    return {looks_like_ours(text) ? SlipTrouble::damaged : SlipTrouble::foreign, {}, {}};
}

}  // namespace runtime
