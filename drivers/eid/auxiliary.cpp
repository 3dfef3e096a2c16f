// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/auxiliary.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/status.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"

namespace eid {
namespace {

constexpr std::size_t community_bytes_max = 7;

base::Bytes entry(base::ByteView question, base::ByteView data) {
    return apdu::tlv(0x73, {apdu::tlv(0x06, question), apdu::tlv(0x53, data)});
}

base::Bytes entry(base::ByteView question, const Date& date) {
    return entry(question, base::as_bytes(compact_text(date)));
}

base::Result<std::optional<bool>> ask(Channel& channel, base::ByteView question) {
    TRY(answer, channel.send({0x80, 0x20, 0x80, 0x00, apdu::tlv(0x06, question), {}}));
    if (answer.ok()) return std::optional(true);
    if (answer.sw == apdu::sw::verification_failed) return std::optional(false);
    const auto code = answer.sw == apdu::sw::security_status ? base::Errc::right_missing
                                                             : base::Errc::card_status_unexpected;
    return base::fail(code, "verify auxiliary", answer.sw);
}

}  // namespace

Rights AuxiliaryChecks::rights() const {
    Rights rights;
    if (born_on_or_before) rights = rights | right_age_verification;
    if (community) rights = rights | right_community_verification;
    return rights;
}

base::Bytes encode_auxiliary(const AuxiliaryChecks& checks) {
    if (!checks.any()) return {};
    base::Bytes content;
    if (checks.born_on_or_before) {
        base::append(content, entry(apdu::oid::aux_age, *checks.born_on_or_before));
    }
    if (checks.valid_on) base::append(content, entry(apdu::oid::aux_validity, *checks.valid_on));
    if (checks.community) {
        CHECK(!checks.community->empty() && checks.community->size() <= community_bytes_max);
        base::append(content, entry(apdu::oid::aux_community, base::ByteView(*checks.community)));
    }
    return apdu::tlv(0x67, base::ByteView(content));
}

base::Result<AuxiliaryResults> verify_auxiliary(Channel& channel, const AuxiliaryChecks& checks) {
    AuxiliaryResults results;
    if (checks.born_on_or_before) {
        TRY(yes, ask(channel, apdu::oid::aux_age));
        results.old_enough = yes;
    }
    if (checks.valid_on) {
        TRY(yes, ask(channel, apdu::oid::aux_validity));
        results.still_valid = yes;
    }
    if (checks.community) {
        TRY(yes, ask(channel, apdu::oid::aux_community));
        results.in_community = yes;
    }
    return results;
}

Date latest_birth_date(Date today, unsigned years) {
    const Date then = today - std::chrono::years(static_cast<int>(years));
    if (then.ok()) return then;
    return Date{
        std::chrono::year_month_day_last{then.year(), std::chrono::month_day_last{then.month()}}};
}

}  // namespace eid
