# The page on port 7860, as a user who owns nothing but the runs. See docs/hosting.md.
# A tag is what its owner says today. To build the same image tomorrow, name it by its digest:
#   docker buildx imagetools inspect python:3.12-slim --format '{{.Manifest.Digest}}'
#   docker build --build-arg PYTHON=python:3.12-slim@sha256:... .
ARG PYTHON=python:3.12-slim
FROM ${PYTHON}

# Where torch comes from: here builds for processors alone, which spare some gigabytes. For a GPU name
# those of its CUDA, as in --build-arg TORCH=https://download.pytorch.org/whl/cu130
ARG TORCH=https://download.pytorch.org/whl/cpu
RUN useradd --create-home --uid 1000 page
WORKDIR /app
COPY requirements.txt .
RUN grep '^torch' requirements.txt > torch.txt \
    && pip install --no-cache-dir --index-url "${TORCH}" -r torch.txt \
    && pip install --no-cache-dir -r requirements.txt
# Nothing below belongs to the user that the page runs as.
COPY app.py ./
COPY vae_core vae_core
COPY playground playground
COPY checkpoints checkpoints
COPY notebooks notebooks
RUN mkdir /runs && chown page /runs
USER page
ENV VAE_RUNS=/runs VAE_DATA_DIR=/runs/.data GRADIO_ANALYTICS_ENABLED=False PYTHONUNBUFFERED=1
ENV GRADIO_SERVER_PORT=7860
VOLUME /runs
EXPOSE 7860
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"GRADIO_SERVER_PORT\"]}/healthz', timeout=5)"]
ENTRYPOINT ["python", "app.py", "--host", "0.0.0.0"]
CMD ["--hosted", "--json-logs"]
