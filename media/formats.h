#ifndef LENSCAP_MEDIA_FORMATS_H_
#define LENSCAP_MEDIA_FORMATS_H_

namespace lenscap {

// FFmpeg's names of the demuxers that may run on an upload, comma-separated.
// None of them follows a reference to another file or to the network.
inline constexpr char kDemuxers[] =
    "mov,mp4,m4a,3gp,3g2,mj2,"
    "matroska,webm,"
    "avi,"
    "flv,"
    "mpegts,"
    "mpeg,"  // MPEG program streams.
    "apng,gif,jpeg_pipe,png_pipe,webp_pipe";

// FFmpeg's names of the decoders that may run on an upload, comma-separated.
inline constexpr char kDecoders[] =
    "h264,hevc,"
    "vp8,vp9,"
    "libdav1d,"  // AV1.
    "mpeg4,msmpeg4v1,msmpeg4v2,msmpeg4,h263,flv,"
    "mpeg1video,mpeg2video,"
    "mjpeg,png,apng,webp,gif";

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_FORMATS_H_
