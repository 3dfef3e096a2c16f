// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/inflate.hpp"

#include <zlib.h>

#include "drivers/base/check.hpp"

namespace eid {
namespace {

struct Stream {
    z_stream raw{};
    Stream() { CHECK(inflateInit2(&raw, -MAX_WBITS) == Z_OK); }  // fails for want of memory only
    ~Stream() { inflateEnd(&raw); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
};

}  // namespace

base::Result<base::Bytes> inflate(base::ByteView compressed, std::size_t bytes_max) {
    base::Bytes out(bytes_max);
    base::Bytes input(compressed.begin(), compressed.end());  // zlib's pointer is not const
    Stream stream;
    stream.raw.next_in = input.data();
    stream.raw.avail_in = static_cast<uInt>(input.size());
    stream.raw.next_out = out.data();
    stream.raw.avail_out = static_cast<uInt>(out.size());
    // In one go: what does not end within the bound is refused.
    const int code = ::inflate(&stream.raw, Z_FINISH);
    if (code != Z_STREAM_END || stream.raw.avail_in != 0)
        return base::fail(base::Errc::data_group_bad, "inflate", static_cast<std::uint32_t>(-code));
    out.resize(out.size() - stream.raw.avail_out);
    return out;
}

}  // namespace eid
