// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "drivers/base/check.hpp"
#include "sync/http/grammar.hpp"
#include "sync/http/parser.hpp"

namespace http {
namespace {

constexpr std::uint32_t bad_request = 400;
constexpr std::uint32_t content_too_large = 413;
/// Eight hex digits are 4 GB, far beyond any bound we set; more digits cannot be meant honestly.
constexpr unsigned chunk_size_digits_max = 8;

}  // namespace

BodyReader BodyReader::of_length(std::size_t bytes) {
    BodyReader reader;
    reader.phase_ = bytes == 0 ? Phase::done : Phase::length;
    reader.left_ = bytes;
    return reader;
}

BodyReader BodyReader::of_chunks(std::size_t bytes_max) {
    BodyReader reader;
    reader.bytes_max_ = bytes_max;
    reader.start_size();
    return reader;
}

BodyReader BodyReader::until_end(std::size_t bytes_max) {
    BodyReader reader;
    reader.phase_ = Phase::until_end;
    reader.bytes_max_ = bytes_max;
    return reader;
}

void BodyReader::start_size() {
    phase_ = Phase::chunk_size;
    left_ = 0;
    digits_ = 0;
    cr_seen_ = false;
}

base::Result<std::size_t> BodyReader::feed(base::ByteView bytes, std::string& body) {
    std::size_t used = 0;
    while (used < bytes.size() && phase_ != Phase::done) {
        if (phase_ == Phase::length || phase_ == Phase::chunk_data) {
            const std::size_t take = std::min(left_, bytes.size() - used);
            body.append(base::as_text(bytes.subspan(used, take)));
            used += take;
            left_ -= take;
            if (left_ == 0) phase_ = phase_ == Phase::length ? Phase::done : Phase::chunk_end;
        } else if (phase_ == Phase::until_end) {
            if (bytes.size() - used > bytes_max_ - body.size())
                return base::fail(base::Errc::message_too_large, "http body", content_too_large);
            body.append(base::as_text(bytes.subspan(used)));
            used = bytes.size();
        } else if (phase_ == Phase::chunk_size) {
            TRY_VOID(size_byte(bytes[used], body.size()));
            ++used;
        } else {
            TRY_VOID(end_byte(bytes[used]));
            ++used;
        }
    }
    return used;
}

/// One byte of `1*8HEXDIG CR LF`. Extensions are refused: nobody sends them and readers disagree
/// about them.
base::Result<void> BodyReader::size_byte(std::uint8_t byte, std::size_t body_bytes) {
    const auto bad = base::fail(base::Errc::http_bad, "http chunk size", bad_request);
    const char c = static_cast<char>(byte);
    if (cr_seen_) {
        if (c != '\n') return bad;
        cr_seen_ = false;
        phase_ = left_ == 0 ? Phase::last_end : Phase::chunk_data;
        return {};
    }
    if (c == '\r' && digits_ > 0) {
        if (left_ > bytes_max_ - body_bytes)
            return base::fail(base::Errc::message_too_large, "http chunks", content_too_large);
        cr_seen_ = true;
        return {};
    }
    const auto digit = hex_value(c);
    if (!digit || digits_ == chunk_size_digits_max) return bad;
    left_ = left_ * 16 + *digit;
    ++digits_;
    return {};
}

/// The CR LF behind the data of a chunk, or behind the last size line (trailers are refused).
base::Result<void> BodyReader::end_byte(std::uint8_t byte) {
    const char expected = cr_seen_ ? '\n' : '\r';
    if (static_cast<char>(byte) != expected)
        return base::fail(base::Errc::http_bad, "http chunk end", bad_request);
    if (!cr_seen_) {
        cr_seen_ = true;
        return {};
    }
    if (phase_ == Phase::last_end) {
        phase_ = Phase::done;
    } else {
        start_size();
    }
    return {};
}

}  // namespace http
