// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/pad_coding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"

namespace pcsc {
namespace {

using base::ByteView;
using base::Errc;

constexpr std::uint8_t function_capabilities = 0x01;
constexpr std::uint8_t function_establish = 0x02;
constexpr std::uint8_t function_end = 0x03;
constexpr std::size_t chat_bytes_max = 255;
// A new PIN is thought up before it is typed, twice.
constexpr std::uint8_t timeout_s = 60;

constexpr std::uint8_t bit_signature = 0x10;
constexpr std::uint8_t bit_eid = 0x20;
constexpr std::uint8_t bit_pace = 0x40;
constexpr std::uint8_t bit_end_channel = 0x80;

void append_le16(base::Bytes& out, std::size_t value) {
    out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    out.push_back(static_cast<std::uint8_t>(value >> 8U & 0xFFU));
}

base::Bytes request_of(std::uint8_t function, ByteView input) {
    base::Bytes out{function};
    append_le16(out, input.size());
    base::append(out, input);
    return out;
}

auto bad(const char* where) {
    return base::fail(Errc::card_answer_bad, where);
}

/// Takes fields from the front, and nothing if one is longer than what is left.
class Fields {
  public:
    explicit Fields(ByteView bytes) : rest_(bytes) {}
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] ByteView rest() const { return rest_; }

    std::optional<ByteView> take(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        const ByteView field = rest_.first(size);
        rest_ = rest_.subspan(size);
        return field;
    }
    /// A little-endian number of at most four bytes.
    std::optional<std::uint32_t> number(std::size_t size) {
        const auto field = take(size);
        if (!field) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = size; i-- > 0;) value = value << 8U | (*field)[i];
        return value;
    }
    /// A field behind its length.
    std::optional<ByteView> counted(std::size_t length_bytes, std::size_t bytes_max) {
        const auto size = number(length_bytes);
        if (!size || *size > bytes_max) return std::nullopt;
        return take(*size);
    }

  private:
    ByteView rest_;
};

struct Answer {
    std::uint32_t result = 0;
    ByteView output;
};

/// Result, length, and exactly as many bytes. A reader that failed may leave out the rest.
base::Result<Answer> split(ByteView bytes) {
    Fields fields(bytes);
    Answer answer;
    const auto result = fields.number(4);
    if (!result) return bad("pad result");
    answer.result = *result;
    if (answer.result != 0) return answer;
    const auto size = fields.number(2);
    if (!size || fields.rest().size() != *size) return bad("pad output length");
    answer.output = fields.rest();
    return answer;
}

struct Row {
    std::uint32_t result;
    Errc errc;
};
constexpr std::array<Row, 7> rows = {{
    {0xD000'0003, Errc::reader_feature_missing},  // a combination that this reader does not offer
    {0xE000'0003, Errc::reader_feature_missing},  // a password that it does not know
    {0xF010'0001, Errc::card_removed},            // the contactless way to say so
    {0xF010'0002, Errc::card_removed},
    {0xF020'0001, Errc::cancelled},
    {0xF020'0002, Errc::card_timeout},
    {0xF020'0003, Errc::pin_deactivated},
}};

/// What a result other than done says.
base::Result<port::PadOutcome> failure_of(std::uint32_t result) {
    using Step = port::PadRefusal::Step;
    constexpr std::array<Step, 7> steps = {Step::select_file, Step::read_file, Step::select_pace,
                                           Step::pace,        Step::pace,      Step::pace,
                                           Step::pace};
    const std::uint32_t step = (result >> 16U) - 0xF000;
    const auto status = static_cast<std::uint16_t>(result & 0xFFFFU);
    if (step < steps.size() && status != 0x9000) {
        return port::PadOutcome(port::PadRefusal{steps[step], status});
    }
    const auto* row = std::ranges::find(rows, result, &Row::result);
    return base::fail(row == rows.end() ? Errc::pace_failed : row->errc, "pad", result);
}

/// CARcurr, CARprev and IDicc, and nothing behind them.
base::Result<void> read_for_terminal(Fields& fields, port::PadChannel& channel) {
    for (int i = 0; i < 2; ++i) {
        const auto reference = fields.counted(1, limits::authority_reference_bytes_max);
        if (!reference) return bad("pad authority");
        if (reference->empty()) continue;
        channel.authority_references.emplace_back(base::as_text(*reference));
    }
    const auto chip_id = fields.counted(2, limits::compressed_key_bytes_max);
    if (!chip_id || chip_id->empty()) return bad("pad chip id");
    channel.chip_id.assign(chip_id->begin(), chip_id->end());
    return {};
}

/// The same fields of a reader that sends them without having been asked: all empty.
base::Result<void> expect_no_terminal(Fields& fields) {
    const bool empty = std::ranges::all_of(fields.rest(), [](auto byte) { return byte == 0; });
    if (!empty || (!fields.at_end() && fields.rest().size() != 4)) return bad("pad stray output");
    return {};
}

}  // namespace

base::Bytes encode_capabilities_request() {
    return request_of(function_capabilities, {});
}

base::Bytes encode_end_request() {
    return request_of(function_end, {});
}

base::Bytes encode_establish_request(const port::PadRequest& request) {
    CHECK(request.chat.size() <= chat_bytes_max);
    CHECK(request.description.size() <= limits::certificate_description_bytes_max);
    base::Bytes input{static_cast<std::uint8_t>(request.password),
                      static_cast<std::uint8_t>(request.chat.size())};
    base::append(input, request.chat);
    input.push_back(0);
    append_le16(input, request.description.size());
    base::append(input, request.description);
    return request_of(function_establish, input);
}

base::Result<port::PinPadAbilities> decode_capabilities(ByteView answer) {
    TRY(split_answer, split(answer));
    if (split_answer.result != 0) {
        return base::fail(Errc::reader_feature_missing, "pad capabilities", split_answer.result);
    }
    ByteView output = split_answer.output;
    if (output.size() == 2 && output[0] == 1) output = output.subspan(1);
    if (output.size() != 1) return bad("pad capabilities");
    const std::uint8_t bits = output[0];
    return port::PinPadAbilities{(bits & bit_pace) != 0, (bits & bit_eid) != 0,
                                 (bits & bit_signature) != 0, (bits & bit_end_channel) != 0};
}

base::Result<port::PadOutcome> decode_establish(ByteView answer, Template chat) {
    TRY(split_answer, split(answer));
    if (split_answer.result != 0) return failure_of(split_answer.result);
    Fields fields(split_answer.output);
    port::PadChannel channel;
    const auto status = fields.take(2);
    if (!status) return bad("pad status");
    channel.select_status = base::read_u16(*status);
    const auto card_access = fields.counted(2, limits::card_file_bytes_max);
    if (!card_access) return bad("pad card access");
    channel.card_access.assign(card_access->begin(), card_access->end());
    if (chat == Template::given) {
        TRY_VOID(read_for_terminal(fields, channel));
        if (!fields.at_end()) return bad("pad stray output");
    } else {
        TRY_VOID(expect_no_terminal(fields));
    }
    return port::PadOutcome(std::move(channel));
}

base::Bytes encode_new_pin_request() {
    return {timeout_s, timeout_s, 0x82, 0x00, 0x00, 0x00, 0x00, 0x06, 0x06, 0x01,
            0x02,      0x02,      0x07, 0x04, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00,
            0x04,      0x00,      0x00, 0x00, 0x00, 0x2C, 0x02, 0x03};
}

base::Result<std::uint16_t> decode_new_pin(ByteView answer) {
    if (answer.size() != 2) return bad("pad new pin");
    const std::uint16_t status = base::read_u16(answer);
    switch (status) {
        case 0x6400:
            return base::fail(Errc::card_timeout, "pad new pin", status);
        case 0x6401:
            return base::fail(Errc::cancelled, "pad new pin", status);
        case 0x6402:
        case 0x6403:
            return base::fail(Errc::secret_format_bad, "pad new pin", status);
        default:
            return status;
    }
}

}  // namespace pcsc
